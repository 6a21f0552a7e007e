// Where the time of a step goes: one clock reading after each operation, forward and backward.
//
// The end of one operation is the start of the next, so the parts add up to the whole. Time between
// operations counts towards the operation that follows.

import Tensor

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Time, arithmetic and memory traffic of each operation of a tape, added up over steps.
///
/// ```swift
/// let profile = Profile()
/// tape.profile = profile
/// profile.begin()
/// …                        // steps
/// print(profile.entries)
/// ```
public final class Profile {
  /// The direction in which an operation was computed.
  public enum Phase: String, Sendable {
    /// Computing the value.
    case forward
    /// Computing the gradients of the inputs.
    case backward
    /// Work outside the tape, such as the optimizer's.
    case other
  }

  /// The totals of one operation of one layer in one direction.
  public struct Entry: Sendable, Equatable {
    /// The layer that recorded the operation; empty outside of layers.
    public let layer: String
    /// The operation's name.
    public let operation: String
    /// The direction.
    public let phase: Phase
    /// How often it was computed.
    public internal(set) var calls = 0
    /// The time of all calls, in seconds.
    public internal(set) var seconds = 0.0
    /// Floating-point operations of all calls: additions and multiplications; a function counts as
    /// one.
    public internal(set) var flops = 0
    /// Bytes of all operands and results of all calls, each read or written once.
    public internal(set) var bytes = 0
  }

  /// The entries, in the order in which their operations were first measured.
  public private(set) var entries: [Entry] = []
  /// The layer whose operations are being recorded.
  public private(set) var layer = ""

  private struct Key: Hashable {
    let layer: String
    let operation: String
    let phase: Phase
  }

  private var positions: [Key: Int] = [:]
  private var places: [Place] = []
  private var last = 0.0
  private var lastLap = 0.0

  /// What is known about one position on the tape in the current step.
  struct Place {
    /// The layer that recorded the operation.
    var layer = ""
    /// The times of value and gradients, in seconds; 0 for what was not computed.
    var forward = 0.0, backward = 0.0
  }

  /// Creates a profile without entries.
  public init() {}

  /// The time of all entries, in seconds.
  public var seconds: Double { entries.reduce(0) { $0 + $1.seconds } }

  /// Starts the clock: the time before this call is not counted.
  public func begin() { last = Self.now() }

  /// Sets the layer that records operations from now on; the time to name it is not counted.
  public func enter(layer name: () -> String) {
    let before = Self.now()
    layer = name()
    last += Self.now() - before
  }

  /// Adds the time since the last clock reading to `operation`.
  public func lap(
    _ operation: String, layer: String = "", phase: Phase = .other, flops: Int = 0, bytes: Int = 0
  ) {
    let now = Self.now()
    let key = Key(layer: layer, operation: operation, phase: phase)
    let position = positions[key] ?? entries.count
    if position == entries.count {
      positions[key] = position
      entries.append(Entry(layer: layer, operation: operation, phase: phase))
    }
    entries[position].calls += 1
    lastLap = now - last
    entries[position].seconds += lastLap
    entries[position].flops += flops
    entries[position].bytes += bytes
    // The time of this function itself is not counted.
    last = Self.now()
  }

  /// What is known about a position on the tape; nil if nothing was computed there.
  func place(at position: Int) -> Place? { position < places.count ? places[position] : nil }

  /// The layer that recorded the operation at a position on the tape.
  func layer(at position: Int) -> String { place(at: position)?.layer ?? "" }

  func didComputeValue<Scalar>(_ pass: ForwardPass<Scalar>, of operation: any TapeOperation<Scalar>)
  {
    while places.count <= pass.index { places.append(Place()) }
    var elements = pass.output.count
    for i in 0..<pass.inputCount { elements += pass.input(i).count }
    lap(
      operation.name, layer: layer, phase: .forward,
      flops: operation.flops(pass, gradientOf: nil),
      bytes: elements * MemoryLayout<Scalar>.stride)
    places[pass.index] = Place(layer: layer, forward: lastLap)
  }

  func didComputeGradients<Scalar>(
    _ pass: BackwardPass<Scalar>, of operation: any TapeOperation<Scalar>
  ) {
    // Its time and gradients belong to the operation that computed it.
    if operation is OperationResult<Scalar> { return }
    let forward = ForwardPass(nodes: pass.nodes, index: pass.index)
    var (flops, elements) = (0, pass.output.count)
    for i in 0..<forward.inputCount {
      elements += pass.input(i).count
      guard pass.needsGradient(i) else { continue }
      elements += pass.input(i).count
      flops += operation.flops(forward, gradientOf: i)
    }
    lap(
      operation.name, layer: layer(at: pass.index), phase: .backward,
      flops: flops, bytes: elements * MemoryLayout<Scalar>.stride)
    if pass.index < places.count { places[pass.index].backward = lastLap }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
