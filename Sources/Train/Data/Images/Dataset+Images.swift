import ArrayFiles
import Tensor

extension Dataset {
  /// The pictures of a folder of class folders and the numbers of their classes, read when `fit` asks for
  /// them, on a thread of its own.
  ///
  /// ```swift
  /// let data = Dataset<Float>(try ImageFolder("pets", height: 64, width: 64))
  ///   .augmented(ImageAugmentation([.horizontalFlip, .rotation(degrees: 10)]))
  /// try model.fit(data, epochs: 20)
  /// ```
  ///
  /// Samples are [batch, height, width, channels] in 0...1, targets class indices, [batch].
  public init(_ pictures: ImageFolder) {
    self.init(count: pictures.count) { numbers in
      Batch(
        x: Tensor<Scalar>(try pictures.images(numbers)) / 255,
        y: Tensor<Scalar>(pictures.labels.rows(numbers)))
    }
  }

  /// The same samples, the pictures of each batch changed at random before it is computed.
  ///
  /// The changes of a picture depend on the model's seed, the epoch and the picture's number alone.
  public func augmented(_ augmentation: ImageAugmentation<Scalar>) -> Dataset {
    map { batch in
      let old = batch
      batch.x = augmentation(old.x) { old.random(forSample: $0) }
    }
  }
}
