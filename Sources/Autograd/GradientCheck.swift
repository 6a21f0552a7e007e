// Checks derivatives: compares the tape's gradient with one from finite differences.

import Tensor

/// The result of comparing a function's gradients from the tape with finite differences.
public struct GradientCheck: Sendable {
  /// The largest `|tape - differences| / max(1, |tape|, |differences|)` over all elements.
  public var largestError: Double
  /// The variable and the element with the largest error.
  public var place: (variable: Int, element: Int)
  /// The tape's gradient there.
  public var byTape: Double
  /// The finite-difference gradient there.
  public var byDifferences: Double
  /// Whether every element agrees to a relative error of 1e-6; false if any is NaN.
  public var passes: Bool { largestError < 1e-6 }
}

extension GradientCheck: CustomStringConvertible {
  /// A sentence about the element with the largest error.
  public var description: String {
    "variable \(place.variable), element \(place.element): \(byTape) by the tape, "
      + "\(byDifferences) by differences, relative error \(largestError)"
  }
}

/// Compares the gradients that the tape computes with five-point finite differences.
///
/// ```
/// f'(x) ≈ (f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / 12h,   h = 1e-3 max(1, |x|)
/// ```
///
/// A result with several elements is first reduced to one number with fixed, distinct weights, so
/// that errors cannot cancel each other. At a kink (relu at 0) there is no derivative to compare
/// with: choose other points.
///
/// - Parameters:
///   - inputs: the point at which to differentiate, one tensor per variable.
///   - function: records the function on the given tape.
/// - Returns: the largest difference and where it is.
public func checkGradients(
  at inputs: [Tensor<Double>],
  of function: (_ tape: Tape<Double>, _ variables: [Variable<Double>]) -> Variable<Double>
) -> GradientCheck {
  let tape = Tape<Double>()

  func contracted(_ inputs: [Tensor<Double>]) -> (Variable<Double>, [Variable<Double>]) {
    tape.reset()
    let variables = inputs.map { tape.variable($0) }
    let result = function(tape, variables)
    let weights = (0..<result.shape.elementCount).map { 0.7 + 0.1 * Double(($0 * 7) % 11) }
    return (sum(result * tape.constant(Tensor(weights, shape: result.shape))), variables)
  }

  let (result, variables) = contracted(inputs)
  let gradients = tape.gradients(of: result)
  let byTape = variables.map { gradients[$0].elements }

  var check = GradientCheck(largestError: 0, place: (0, 0), byTape: 0, byDifferences: 0)
  for (index, input) in inputs.enumerated() {
    let elements = input.elements
    for element in elements.indices {
      let x = elements[element]
      let h = 1e-3 * max(1, abs(x))
      func value(_ x: Double) -> Double {
        var moved = elements
        moved[element] = x
        var movedInputs = inputs
        movedInputs[index] = Tensor(moved, shape: input.shape)
        return contracted(movedInputs).0.scalar
      }
      let differences =
        (value(x - 2 * h) - 8 * value(x - h) + 8 * value(x + h) - value(x + 2 * h)) / (12 * h)
      let tapeValue = byTape[index][element]
      let error = abs(tapeValue - differences) / max(1, abs(tapeValue), abs(differences))
      if !(error <= check.largestError) {
        check = GradientCheck(
          largestError: error, place: (index, element), byTape: tapeValue,
          byDifferences: differences)
        if error.isNaN { return check }
      }
    }
  }
  return check
}
