// Subnormal numbers: kept by operations on tensors, zero within `withSubnormalsFlushed`, on every thread.

import KernelTemplate
import Synchronization
import Tensor
import TestSupport
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private struct Failure: Error {}

@Suite("Floating-point mode", .enabled(if: canFlushSubnormals))
struct FloatingPointModeTests {
  /// Modes that a program may have chosen: none, another rounding, flushing of results alone, all of it.
  private static var modes: [FloatingPointMode] {
    let mode = FloatingPointMode.current.bits
    #if arch(x86_64)
    return [mode, mode | 0x6000, mode | 0x8000, mode | 0x0040, mode | 0xA040].map {
      FloatingPointMode(bits: $0)
    }
    #else
    return [mode, mode | 3 << 22, mode | 1 << 24].map { FloatingPointMode(bits: $0) }
    #endif
  }

  @Test("is afterwards what it was before, whatever that was", arguments: Self.modes)
  func restored(mode: FloatingPointMode) {
    let before = FloatingPointMode.current
    defer { FloatingPointMode.current = before }
    FloatingPointMode.current = mode
    withSubnormalsFlushed {
      #expect(FloatingPointMode.current.bits == mode.bits | FloatingPointMode.flush)
      withSubnormalsFlushed {}
      #expect(FloatingPointMode.current.flushes)
    }
    #expect(FloatingPointMode.current == mode)
    #expect(throws: Failure.self) { try withSubnormalsFlushed { () throws in throw Failure() } }
    #expect(FloatingPointMode.current == mode)
  }

  @Test("operations on tensors keep subnormal numbers, within the scope they are zero")
  func scope() {
    // Enough elements for several threads; powers of two, so that results are exact.
    let x = Tensor<Float>(repeating: 0x1p-120, shape: [300_001])
    let y = Tensor<Double>(repeating: 0x1p-1000, shape: [300_001])
    func allAre(_ float: Float, _ double: Double) -> Bool {
      (x * 0x1p-20 .== float).countTrue() == x.count
        && (y * 0x1p-50 .== double).countTrue() == y.count
    }
    #expect(allAre(0x1p-140, 0x1p-1050))
    let (flushed, sum) = withSubnormalsFlushed {
      (x * 0x1p-20, Tensor<Float>(repeating: 0x1p-140, shape: [300_001]).sum())
    }
    #expect(flushed.elements.allSatisfy { $0.bitPattern == 0 } && sum == 0)
    #expect(allAre(0x1p-140, 0x1p-1050))
    // The rounding of the caller is also that of the workers.
    #expect(exp(Tensor<Float>([-95]))[0] > 0)
    #expect(withSubnormalsFlushed { exp(Tensor<Float>([-95])) }[0] == 0)
  }

  @Test("every function takes a subnormal number as zero within the scope")
  func functions() {
    func check<Scalar: TensorFloat>(_: Scalar.Type) {
      for operation in UnaryOperation.allCases {
        for sign in [Scalar(1), -1] {
          for magnitude in [
            Scalar.leastNonzeroMagnitude, Scalar.leastNormalMagnitude.nextDown,
            Scalar.leastNormalMagnitude / 1000,
          ] {
            let x = Tensor(repeating: sign * magnitude, shape: [19])
            let zeros = Tensor(repeating: sign * 0, shape: [19])
            let (result, expected) = withSubnormalsFlushed {
              (mapped(operation, x), mapped(operation, zeros))
            }
            // What only looks at the bits may keep the number.
            let same = zip(result, expected).allSatisfy {
              $0 == $1 || ($0.isNaN && $1.isNaN) || ($0.isSubnormal && $1 == 0)
            }
            #expect(same, "\(operation) of \(sign * magnitude) is \(result[0]), not \(expected[0])")
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  private func mapped<Scalar: TensorFloat>(
    _ operation: UnaryOperation, _ x: Tensor<Scalar>
  ) -> [Scalar] {
    var y = [Scalar](repeating: 0, count: x.count + 64)
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer {
        Scalar.kernels.pointee.map(operation, x.baseAddress!, $0.baseAddress!, x.count)
      }
    }
    return Array(y.prefix(x.count))
  }

  @Test("workers compute in the mode of the caller")
  func workers() async {
    await #expect(processExitsWith: .success) {
      Parallel.threadCount = 4
      let before = FloatingPointMode.current
      for round in 0..<50 {
        var mode = before
        if round % 2 == 1 { mode.bits |= FloatingPointMode.flush }
        #if arch(x86_64)
        if round % 3 == 1 { mode.bits |= 0x6000 }
        #endif
        FloatingPointMode.current = mode
        let wrong = Atomic(0)
        let arrived = Atomic(0)
        // Each piece waits for the others, so that every thread does one.
        Parallel.run(pieces: 4) { _ in
          if FloatingPointMode.current != mode { wrong.add(1, ordering: .relaxed) }
          arrived.add(1, ordering: .relaxed)
          while arrived.load(ordering: .relaxed) < 4 { sched_yield() }
        }
        require(wrong.load(ordering: .relaxed) == 0, "round \(round): a worker in another mode")
        require(FloatingPointMode.current == mode, "round \(round): the caller's mode is lost")
      }
    }
  }

  @Test("bits do not depend on the number of threads where subnormal numbers occur")
  func threads() async {
    await #expect(processExitsWith: .success) {
      var generator = RandomGenerator(seed: 3)
      let scales = exp(Tensor<Float>.uniform([150_000], in: -100 ..< -70, using: &generator))
      let rows = scales.reshaped(to: [300, 500])
      func results() -> [Float] {
        (scales * scales.sum() + exp(scales * 1e38 - 95)).elements
          + matmul(rows, rows.transposed() * 1e3).elements + rows.sum(axis: 0).elements
          + softmax(rows * 1e38).elements
      }
      for flushes in [false, true] {
        func run() -> [UInt32] {
          (flushes ? withSubnormalsFlushed(results) : results()).map(\.bitPattern)
        }
        Parallel.threadCount = 1
        let alone = run()
        let hasSubnormals = alone.contains { Float(bitPattern: $0).isSubnormal }
        require(hasSubnormals != flushes, "subnormal results: \(hasSubnormals)")
        for count in 2...8 {
          Parallel.threadCount = count
          require(run() == alone, "other bits with \(count) threads, flushed: \(flushes)")
        }
      }
    }
  }
}
