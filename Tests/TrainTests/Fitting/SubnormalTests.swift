// Training without subnormal numbers: every optimizer, on every thread; and the mode of the thread
// afterwards.

import Synchronization
import Tensor
import TestSupport
import Testing
import Train

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private let optimizers: [any Optimizer] =
  OptimizerName.known + [.sgd(momentum: 0.9), .sgd(momentum: 0.9, nesterov: true)]

/// The number of subnormal numbers among those of some tensors.
private func subnormals(_ tensors: [Tensor<Float>]) -> Int {
  tensors.reduce(0) { $0 + $1.elements.count { $0.isSubnormal } }
}

/// Inputs so small that gradients and their squares leave the normal numbers.
private func tinyData() -> (x: Tensor<Float>, y: Tensor<Float>) {
  var generator = RandomGenerator(seed: 1)
  return (
    .uniform([64, 300], in: 1e-30..<1e-20, using: &generator),
    .uniform([64, 1], in: 0..<1, using: &generator)
  )
}

private func network() -> Sequential<Float> {
  Sequential([
    Dense(130, activation: .relu, inputShape: [300]), BatchNormalization(), Dense(1),
  ])
}

@Suite("Subnormal numbers in training", .enabled(if: canFlushSubnormals))
struct SubnormalTests {
  @Test(
    "do not occur in weights and moments, whatever the optimizer", arguments: optimizers.indices)
  func everyOptimizer(index: Int) {
    var model = network().compile(optimizer: optimizers[index], loss: .meanSquaredError)
    let (x, y) = tinyData()
    let before = FloatingPointMode.current
    model.fit(x, y, epochs: 2, batchSize: 32, verbose: .silent, hints: false)
    #expect(FloatingPointMode.current == before)
    #expect(subnormals(model.weights + model.optimizerState.moments.flatMap(\.self)) == 0)
  }

  @Test("do occur in moments that fade while tensors are updated alone, not within the scope")
  func fading() {
    for optimizer in optimizers where !optimizer.initialMoments.isEmpty {
      func faded() -> Int {
        var weights = Tensor<Float>.ones([50])
        var moments = optimizer.initialMoments.map { _ in
          Tensor<Float>(repeating: 1e-36, shape: [50])
        }
        for step in 1...150 {
          optimizer.update(
            &weights, along: .zeros([50]), moments: &moments, rate: 0.01, step: step)
        }
        return subnormals(moments)
      }
      #expect(withSubnormalsFlushed(faded) == 0, "\(optimizer.name)")
      // Sums of squares do not fade, and what is left of others depends on their factor.
      if ["sgd", "adam", "rmsprop", "adadelta"].contains(optimizer.name) {
        #expect(faded() > 0, "\(optimizer.name)")
      }
    }
  }

  #if arch(x86_64) && !THREAD_SANITIZER
  @Test("are no operand of an operation on any thread while a network is trained")
  func exceptions() async {
    await #expect(processExitsWith: .success) {
      Parallel.threadCount = 3
      /// Whether a subnormal operand was met on any thread since the last call.
      func denormalOperands() -> Bool {
        let seen = Atomic(false)
        let arrived = Atomic(0)
        // Each piece waits for the others, so that every thread does one.
        Parallel.run(pieces: 3) { _ in
          if controlWord() & 2 != 0 { seen.store(true, ordering: .relaxed) }
          setControlWord(controlWord() & ~2)
          arrived.add(1, ordering: .relaxed)
          while arrived.load(ordering: .relaxed) < 3 { sched_yield() }
        }
        return seen.load(ordering: .relaxed)
      }
      let (x, y) = tinyData()
      _ = denormalOperands()
      _ = (x * 1e-22).sum()
      require(denormalOperands(), "operations on tensors meet subnormal numbers")
      for optimizer in optimizers {
        var model = network().compile(optimizer: optimizer, loss: .meanSquaredError)
        model.fit(x * 1e-10, y, epochs: 2, batchSize: 32, verbose: .silent, hints: false)
        _ = model.evaluate(x, y, verbose: .silent)
        _ = model.predict(x)
        require(!denormalOperands(), "\(optimizer.name): an operation met a subnormal number")
      }
    }
  }
  #endif

  @Test("fit, evaluate and predict compute without them and give the mode back")
  func modes() {
    let before = FloatingPointMode.current
    defer { FloatingPointMode.current = before }
    var chosen = before
    #if arch(x86_64)
    chosen.bits |= 0xE000  // results flushed, rounding towards zero
    #endif
    for mode in [before, chosen] {
      FloatingPointMode.current = mode
      let flushed = FloatingPointMode(bits: mode.bits | FloatingPointMode.flush)
      var model = Sequential([Dense<Float>(2, inputShape: [3])])
        .compile(optimizer: .adam(), loss: .meanSquaredError)
      let (x, y) = (Tensor<Float>.ones([4, 3]), Tensor<Float>.ones([4, 2]))
      nonisolated(unsafe) var seen: [FloatingPointMode] = []
      var note = Callback<Sequential<Float>>()
      note.epochEnded = { _, _ in seen.append(.current) }
      model.fit(x, y, callbacks: [note], verbose: .silent, hints: false)
      #expect(seen == [flushed] && FloatingPointMode.current == mode)
      _ = model.evaluate(x, y, verbose: .silent)
      #expect(FloatingPointMode.current == mode)
      _ = model.predict(x)
      #expect(FloatingPointMode.current == mode)
    }
  }
}
