// Layers in files: plain `Codable`, plus the type name of each layer. Train's
// `Saving/ModelFile.swift` writes and reads the file.

import Tensor

/// A layer that can be saved in a model file.
///
/// If all members are `Codable`, as layers, parameters, numbers and strings are, the compiler
/// synthesises the conformance. Custom types are found by name; pass them when the file is read.
public protocol StorableLayer<Scalar>: Layer, Codable {}

/// The library's layer types that a file can name.
private func libraryLayers<Scalar: TensorFloat>(of _: Scalar.Type) -> [any Decodable.Type] {
  [
    Dense<Scalar>.self, Flatten<Scalar>.self, Dropout<Scalar>.self, Activation<Scalar>.self,
    BatchNormalization<Scalar>.self, Reshape<Scalar>.self, LeakyReLU<Scalar>.self,
    ELU<Scalar>.self, Sequential<Scalar>.self, Residual<Scalar>.self, Graph<Scalar>.self,
    Add<Scalar>.self, Subtract<Scalar>.self, Multiply<Scalar>.self, Average<Scalar>.self,
    Maximum<Scalar>.self, Minimum<Scalar>.self, Concatenate<Scalar>.self, Dot<Scalar>.self,
    Conv1D<Scalar>.self, Conv2D<Scalar>.self, Conv1DTranspose<Scalar>.self,
    Conv2DTranspose<Scalar>.self, DepthwiseConv1D<Scalar>.self, DepthwiseConv2D<Scalar>.self,
    SeparableConv1D<Scalar>.self, SeparableConv2D<Scalar>.self,
    Embedding<Scalar>.self, TiedEmbedding<Scalar>.self, Masking<Scalar>.self,
    RepeatVector<Scalar>.self, Permute<Scalar>.self,
    TimeDistributed<Scalar>.self, SpectralNormalization<Scalar>.self, SimpleRNN<Scalar>.self,
    LSTM<Scalar>.self, GRU<Scalar>.self,
    Bidirectional<Scalar>.self, LayerNormalization<Scalar>.self, MultiHeadAttention<Scalar>.self,
    PositionEmbedding<Scalar>.self, TransformerEncoder<Scalar>.self,
    TransformerDecoder<Scalar>.self, GaussianSampling<Scalar>.self,
    MaxPooling1D<Scalar>.self, MaxPooling2D<Scalar>.self,
    AveragePooling1D<Scalar>.self, AveragePooling2D<Scalar>.self,
    GlobalMaxPooling1D<Scalar>.self, GlobalMaxPooling2D<Scalar>.self,
    GlobalAveragePooling1D<Scalar>.self, GlobalAveragePooling2D<Scalar>.self,
    UpSampling1D<Scalar>.self, UpSampling2D<Scalar>.self, ZeroPadding1D<Scalar>.self,
    ZeroPadding2D<Scalar>.self, Cropping1D<Scalar>.self, Cropping2D<Scalar>.self,
    SpatialDropout1D<Scalar>.self, SpatialDropout2D<Scalar>.self, GaussianNoise<Scalar>.self,
    GaussianDropout<Scalar>.self, PReLU<Scalar>.self, GroupNormalization<Scalar>.self,
    RMSNormalization<Scalar>.self,
  ]
}

extension CodingUserInfoKey {
  /// Custom types that a file can name: `[any Decodable.Type]`.
  package static let types = CodingUserInfoKey(rawValue: "types")!
  /// Custom activation functions that a file can name.
  package static let activations = CodingUserInfoKey(rawValue: "activations")!
}

/// A value encoded with the name of its type: `{"type": "Dense", "units": 4, …}`.
package struct Named: Encodable {
  private let value: Any

  private enum Key: CodingKey { case type }

  /// Wraps a value; if it is not `Encodable`, only its type's name is written.
  package init(_ value: Any) { self.value = value }

  /// Encodes the name of the type and the value's members.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(layerTypeName(type(of: value)), forKey: .type)
    try (value as? any Encodable)?.encode(to: encoder)
  }

  /// Decodes a value of one of the library's types or of a custom type.
  ///
  /// - Parameters:
  ///   - decoder: the decoder to read from.
  ///   - kind: the kind of value, for the error message.
  ///   - known: the library's types.
  /// - Returns: the value.
  /// - Throws: `DecodingError` if the type is unknown or the value is invalid.
  package static func decode<Value>(
    _ decoder: any Decoder, as kind: String, known: [any Decodable.Type]
  ) throws -> Value {
    let name = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .type)
    let types = (decoder.userInfo[.types] as? [any Decodable.Type] ?? []) + known
    guard let type = types.first(where: { layerTypeName($0) == name }),
      let value = try decode(type, decoder) as? Value
    else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription:
            unknownName(name, kind: kind, known: types.map { layerTypeName($0) })
            + "; pass its type where the file is read if it is Codable, else make the model and call "
            + "restore(contentsOf:)"))
    }
    return value
  }

  private static func decode<Value: Decodable>(
    _: Value.Type, _ decoder: any Decoder
  ) throws -> Any { try decoder.singleValueContainer().decode(Value.self) }
}

/// A layer of any type in a file.
struct NamedLayer<Scalar: TensorFloat>: Codable {
  var layer: any Layer<Scalar>

  init(_ layer: any Layer<Scalar>) { self.layer = layer }

  init(from decoder: any Decoder) throws {
    layer = try Named.decode(decoder, as: "layer", known: libraryLayers(of: Scalar.self))
  }

  func encode(to encoder: any Encoder) throws { try Named(layer).encode(to: encoder) }
}

extension TensorShape: Codable {
  /// Decodes the sizes; throws if no tensor of that shape fits into memory.
  public init(from decoder: any Decoder) throws {
    let sizes = try decoder.singleValueContainer().decode([Int].self)
    do {
      try self.init(checked: sizes)
    } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath, debugDescription: error.description))
    }
  }

  /// Encodes the sizes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Array(self))
  }
}
