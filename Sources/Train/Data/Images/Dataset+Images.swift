import ArrayFiles
import Tensor

extension Dataset {
  /// A data set of the images in class folders, which are read on a background thread when needed.
  ///
  /// ```swift
  /// let data = Dataset<Float>(try ImageFolder("pets", height: 64, width: 64))
  ///   .augmented(ImageAugmentation([.horizontalFlip, .rotation(degrees: 10)]))
  /// try model.fit(data, epochs: 20)
  /// ```
  ///
  /// Samples have shape [batch, height, width, channels] and values in 0...1; targets are class
  /// indices, [batch].
  public init(_ pictures: ImageFolder) {
    self.init(count: pictures.count) { numbers in
      Batch(
        x: Tensor<Scalar>(try pictures.images(numbers)) / 255,
        y: Tensor<Scalar>(pictures.labels.rows(numbers)))
    }
  }

  /// The data set with the images of each batch augmented at random before use.
  ///
  /// The changes to an image depend only on the model's seed, the epoch and the image's number.
  public func augmented(_ augmentation: ImageAugmentation<Scalar>) -> Dataset {
    map { batch in
      let old = batch
      batch.x = augmentation(old.x) { old.random(forSample: $0) }
    }
  }
}
