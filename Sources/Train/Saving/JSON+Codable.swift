// `Codable` support for JSON: an encoder that makes a `JSON` value and a decoder that reads one.
// Decoded values are also validated if their type conforms to `Validated`.

import ArrayFiles
import Layers

extension JSON {
  /// Encodes a value as JSON.
  init(encoding value: some Encodable) throws {
    let place = Place()
    try place.encode(value, codingPath: [])
    self = place.json
  }

  /// Decodes a value of the given type.
  ///
  /// - Throws: `DecodingError` with the path of the part that is missing, of the wrong type, or
  ///   invalid.
  func decode<Value: Decodable>(
    _ type: Value.Type, userInfo: [CodingUserInfoKey: Any] = [:]
  ) throws -> Value {
    try JSONDecoding(json: self, codingPath: [], userInfo: userInfo).decode(type)
  }

  /// The same object with another value for a member.
  func replacing(_ name: String, with change: (JSON) -> JSON) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members.map { $0.name == name ? Member(name, change($0.value)) : $0 })
  }
}

/// The elements of a list; none if it is not a list.
func list(_ json: JSON?) -> [JSON] {
  guard case .array(let values) = json else { return [] }
  return values
}

// MARK: - Primitive values

/// A type that JSON represents directly.
private protocol JSONPrimitive: Decodable {
  init?(_ json: JSON)
  var json: JSON? { get }
}

extension Bool: JSONPrimitive {
  fileprivate init?(_ json: JSON) {
    guard case .bool(let value) = json else { return nil }
    self = value
  }
  fileprivate var json: JSON? { .bool(self) }
}

extension String: JSONPrimitive {
  fileprivate init?(_ json: JSON) {
    guard case .string(let value) = json else { return nil }
    self = value
  }
  fileprivate var json: JSON? { .string(self) }
}

/// Numbers that are not finite are stored as strings, since JSON has no form for them.
extension Double: JSONPrimitive {
  fileprivate init?(_ json: JSON) {
    switch json {
    case .number(let value): self = value
    case .integer(let value): self = Double(value)
    case .string("nan"): self = .nan
    case .string("inf"): self = .infinity
    case .string("-inf"): self = -.infinity
    default: return nil
    }
  }
  fileprivate var json: JSON? { isFinite ? .number(self) : .string("\(self)") }
}

extension Float: JSONPrimitive {
  fileprivate init?(_ json: JSON) {
    guard let value = Double(json) else { return nil }
    self = Float(value)
  }
  fileprivate var json: JSON? { Double(self).json }
}

extension FixedWidthInteger {
  fileprivate init?(_ json: JSON) {
    guard case .integer(let value) = json else { return nil }
    self.init(exactly: value)
  }
  fileprivate var json: JSON? { Int(exactly: self).map { .integer($0) } }
}

extension Int: JSONPrimitive {}
extension Int8: JSONPrimitive {}
extension Int16: JSONPrimitive {}
extension Int32: JSONPrimitive {}
extension Int64: JSONPrimitive {}
extension UInt: JSONPrimitive {}
extension UInt8: JSONPrimitive {}
extension UInt16: JSONPrimitive {}
extension UInt32: JSONPrimitive {}
extension UInt64: JSONPrimitive {}

/// The name of a member, or the index in a list.
private struct NamedKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
  init(intValue: Int) { (stringValue, self.intValue) = ("\(intValue)", intValue) }
}

// MARK: - Encoding

/// A part of the value that is being encoded.
///
/// It is a class because containers are held while others are written.
private final class Place {
  private enum Content {
    case value(JSON)
    case list([Place])
    case members([(name: String, place: Place)])
  }

  private var content = Content.value(.object([]))

  var json: JSON {
    switch content {
    case .value(let value): value
    case .list(let places): .array(places.map(\.json))
    case .members(let members): .object(members.map { .init($0.name, $0.place.json) })
    }
  }

  var count: Int { if case .list(let places) = content { places.count } else { 0 } }

  func set(_ value: JSON) { content = .value(value) }
  func beginMembers() { if case .members = content {} else { content = .members([]) } }
  func beginList() { if case .list = content {} else { content = .list([]) } }

  func member(_ name: String) -> Place {
    guard case .members(var members) = content else { return Place() }
    let place = Place()
    members.removeAll { $0.name == name }
    members.append((name, place))
    content = .members(members)
    return place
  }

  func element() -> Place {
    guard case .list(var places) = content else { return Place() }
    let place = Place()
    places.append(place)
    content = .list(places)
    return place
  }

  func encode(_ value: some Encodable, codingPath: [any CodingKey]) throws {
    guard let primitive = value as? any JSONPrimitive else {
      return try value.encode(to: JSONEncoding(place: self, codingPath: codingPath))
    }
    guard let json = primitive.json else {
      throw EncodingError.invalidValue(
        value, .init(codingPath: codingPath, debugDescription: "\(value) does not fit into Int"))
    }
    set(json)
  }
}

private struct JSONEncoding: Encoder {
  let place: Place
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<K: CodingKey>(keyedBy type: K.Type) -> KeyedEncodingContainer<K> {
    place.beginMembers()
    return KeyedEncodingContainer(Members(place: place, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    place.beginList()
    return List(place: place, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    Single(place: place, codingPath: codingPath)
  }

  struct Members<K: CodingKey>: KeyedEncodingContainerProtocol {
    let place: Place
    let codingPath: [any CodingKey]

    private func encoder(_ key: any CodingKey) -> JSONEncoding {
      JSONEncoding(place: place.member(key.stringValue), codingPath: codingPath + [key])
    }
    func encodeNil(forKey key: K) { place.member(key.stringValue).set(.null) }
    func encode<Value: Encodable>(_ value: Value, forKey key: K) throws {
      try place.member(key.stringValue).encode(value, codingPath: codingPath + [key])
    }
    func nestedContainer<N: CodingKey>(
      keyedBy type: N.Type, forKey key: K
    ) -> KeyedEncodingContainer<N> { encoder(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: K) -> any UnkeyedEncodingContainer {
      encoder(key).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { encoder(NamedKey(stringValue: "super")) }
    func superEncoder(forKey key: K) -> any Encoder { encoder(key) }
  }

  struct List: UnkeyedEncodingContainer {
    let place: Place
    let codingPath: [any CodingKey]
    var count: Int { place.count }

    private func encoder() -> JSONEncoding {
      let path = codingPath + [NamedKey(intValue: count)]
      return JSONEncoding(place: place.element(), codingPath: path)
    }
    func encodeNil() { place.element().set(.null) }
    func encode<Value: Encodable>(_ value: Value) throws {
      let encoder = encoder()
      try encoder.place.encode(value, codingPath: encoder.codingPath)
    }
    func nestedContainer<N: CodingKey>(keyedBy type: N.Type) -> KeyedEncodingContainer<N> {
      encoder().container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder() }
  }

  struct Single: SingleValueEncodingContainer {
    let place: Place
    let codingPath: [any CodingKey]

    func encodeNil() { place.set(.null) }
    func encode<Value: Encodable>(_ value: Value) throws {
      try place.encode(value, codingPath: codingPath)
    }
  }
}

// MARK: - Decoding

private struct JSONDecoding: Decoder {
  let json: JSON
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any]

  /// The decoder for a part.
  func part(_ json: JSON, _ key: any CodingKey) -> JSONDecoding {
    JSONDecoding(json: json, codingPath: codingPath + [key], userInfo: userInfo)
  }

  func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
    .typeMismatch(
      type,
      .init(
        codingPath: codingPath,
        debugDescription: "expected \(expected), got \(json.text.prefix(80))"
      ))
  }

  /// Decodes a value and validates it.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let primitive = type as? any JSONPrimitive.Type {
      guard let value = primitive.init(json) as? Value else { throw mismatch(type, "\(type)") }
      return value
    }
    let value = try Value(from: self)
    do {
      try (value as? any Validated)?.validate()
    } catch {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "\(error)"))
    }
    return value
  }

  func container<K: CodingKey>(keyedBy type: K.Type) throws -> KeyedDecodingContainer<K> {
    guard case .object = json else { throw mismatch(JSON.self, "an object") }
    return KeyedDecodingContainer(Members(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let values) = json else { throw mismatch(JSON.self, "a list") }
    return List(decoder: self, values: values)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

  struct Members<K: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: JSONDecoding
    var codingPath: [any CodingKey] { decoder.codingPath }

    var allKeys: [K] {
      guard case .object(let members) = decoder.json else { return [] }
      return members.compactMap { K(stringValue: $0.name) }
    }
    func contains(_ key: K) -> Bool { decoder.json[key.stringValue] != nil }

    private func part(_ key: K) throws -> JSONDecoding {
      guard let json = decoder.json[key.stringValue] else {
        throw DecodingError.keyNotFound(
          key, .init(codingPath: codingPath, debugDescription: "expected \"\(key.stringValue)\""))
      }
      return decoder.part(json, key)
    }
    func decodeNil(forKey key: K) throws -> Bool { try part(key).json == .null }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: K) throws -> Value {
      try part(key).decode(type)
    }
    func nestedContainer<N: CodingKey>(
      keyedBy type: N.Type, forKey key: K
    ) throws -> KeyedDecodingContainer<N> { try part(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: K) throws -> any UnkeyedDecodingContainer {
      try part(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: K) throws -> any Decoder { try part(key) }
  }

  struct List: UnkeyedDecodingContainer {
    let decoder: JSONDecoding
    let values: [JSON]
    private(set) var currentIndex = 0

    init(decoder: JSONDecoding, values: [JSON]) { (self.decoder, self.values) = (decoder, values) }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { values.count }
    var isAtEnd: Bool { currentIndex == values.count }

    private func part() throws -> JSONDecoding {
      guard !isAtEnd else {
        throw DecodingError.valueNotFound(
          JSON.self,
          .init(
            codingPath: codingPath, debugDescription: "expected more than \(values.count) values"))
      }
      return decoder.part(values[currentIndex], NamedKey(intValue: currentIndex))
    }
    mutating func decodeNil() throws -> Bool {
      let isNull = try part().json == .null
      if isNull { currentIndex += 1 }
      return isNull
    }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      let value = try part().decode(type)
      currentIndex += 1
      return value
    }
    mutating func nestedContainer<N: CodingKey>(
      keyedBy type: N.Type
    ) throws -> KeyedDecodingContainer<N> {
      defer { currentIndex += 1 }
      return try part().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      defer { currentIndex += 1 }
      return try part().unkeyedContainer()
    }
    mutating func superDecoder() throws -> any Decoder {
      defer { currentIndex += 1 }
      return try part()
    }
  }

  struct Single: SingleValueDecodingContainer {
    let decoder: JSONDecoding
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.json == .null }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type) }
  }
}

/// A one-line error message with the path: `network.layers.0.units: expected Int, got "four"`.
func explanation(of error: any Error, in part: String) -> String {
  switch error {
  case DecodingError.typeMismatch(_, let found), DecodingError.valueNotFound(_, let found),
    DecodingError.keyNotFound(_, let found), DecodingError.dataCorrupted(let found):
    let path = [part] + found.codingPath.map(\.stringValue)
    return "\(path.joined(separator: ".")): \(found.debugDescription)"
  default: return "\(part): \(error)"
  }
}
