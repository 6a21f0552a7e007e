// The common part of Standardizer.swift, MinMaxScaler.swift and RobustScaler.swift: each column is
// shifted and scaled.

import Tensor

/// Shifts and scales columns, (x - center) / scale, and back.
struct ColumnScaling<Scalar: TensorFloat>: Sendable {
  /// The name in error messages.
  let name: String
  let center: Tensor<Scalar>
  let scale: Tensor<Scalar>

  /// A scaling with one centre and scale per column; columns with a scale of 0 or NaN are not
  /// scaled.
  init(_ name: String, center: Tensor<Double>, scale: Tensor<Double>) {
    self.name = name
    self.center = Tensor<Scalar>(center)
    self.scale = Tensor<Scalar>(select(scale .> 0, scale, 1))
  }

  func apply(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    check(x)
    return (x - center) / scale
  }

  func undo(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    check(x)
    return x * scale + center
  }

  private func check(_ x: Tensor<Scalar>) {
    require(
      x.shape.last == center.count,
      "\(name): samples of shape \(x.shape) do not have the \(center.count) columns that were measured"
    )
  }
}

/// The samples in `Double`, which represents large numbers precisely enough; stops if there are
/// none.
func measuredSamples<Scalar: TensorFloat>(_ x: Tensor<Scalar>, _ name: String) -> Tensor<Double> {
  require(
    x.rank == 2 && x.shape[0] > 0,
    "\(name): expected samples of shape [samples, columns], got \(x.shape)")
  return Tensor<Double>(x)
}
