// From the coefficients of a JPEG picture to its pixels: the inverse cosine transform of 8 x 8 samples,
// channels of fewer samples brought to full size, and colours. Each step computes the same integers as
// libjpeg's default way ("islow" and "fancy upsampling"), so that pictures have the same bytes there.

extension JPEGDecoder {
  /// The pixels.
  func raster() throws(FileError) -> Raster {
    let planes = try components.map { component throws(FileError) in
      guard let steps = quantization[component.quantization] else {
        throw fault("expected the quantization table \(component.quantization)")
      }
      return upsampled(samples(of: component, steps), component)
    }
    if planes.count == 1 {
      return Raster(width: width, height: height, channels: 1, bytes: planes[0])
    }
    let (first, second, third) = (planes[0], planes[1], planes[2])
    let count = width * height
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * count) { target, initialized in
      if isYCbCr {
        for pixel in 0..<count {
          let color = rgb(
            Int32(first[pixel]), Int32(second[pixel]) - 128, Int32(third[pixel]) - 128)
          target[3 * pixel] = color.0
          target[3 * pixel + 1] = color.1
          target[3 * pixel + 2] = color.2
        }
      } else {
        for pixel in 0..<count {
          target[3 * pixel] = first[pixel]
          target[3 * pixel + 1] = second[pixel]
          target[3 * pixel + 2] = third[pixel]
        }
      }
      initialized = 3 * count
    }
    return Raster(width: width, height: height, channels: 3, bytes: pixels)
  }

  /// The samples of a channel, without those that only fill up blocks.
  private func samples(of component: JPEGComponent, _ steps: [UInt16]) -> [UInt8] {
    let (width, height) = (component.width, component.height)
    var samples = [UInt8](repeating: 0, count: width * height)
    let steps = steps.map { Int32($0) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { block in
      component.coefficients.withUnsafeBufferPointer { coefficients in
        for row in 0..<component.usedBlockRows {
          for column in 0..<component.usedBlocksPerRow {
            let place = (row * component.blocksPerRow + column) * 64
            inverseTransform(
              coefficients.baseAddress! + place, steps, block.baseAddress!)
            for y in 0..<min(8, height - 8 * row) {
              let target = (8 * row + y) * width + 8 * column
              for x in 0..<min(8, width - 8 * column) { samples[target + x] = block[8 * y + x] }
            }
          }
        }
      }
    }
    return samples
  }

  /// A channel with as many samples as the picture has pixels.
  ///
  /// Half as many along an axis are interpolated: each new sample is three quarters of the nearer and one
  /// quarter of the further one. Other channels are repeated.
  private func upsampled(_ samples: [UInt8], _ component: JPEGComponent) -> [UInt8] {
    let across = components.map(\.horizontal).max()! / component.horizontal
    let down = components.map(\.vertical).max()! / component.vertical
    if across == 1, down == 1 { return samples }
    let (columns, rows) = (component.width, component.height)
    var target = [UInt8](repeating: 0, count: width * height)
    if across <= 2, down <= 2, across == 1 || columns > 2 {
      // Sums of a row and its neighbour, weighed 3 and 1; of the row alone if all rows are there.
      var sums = [Int32](repeating: 0, count: columns)
      for row in 0..<height {
        let near = row / down
        // The first and the last row are their own neighbours.
        let far = down == 1 ? near : max(0, min(rows - 1, row % 2 == 0 ? near - 1 : near + 1))
        for column in 0..<columns {
          let sample = Int32(samples[near * columns + column])
          sums[column] = down == 1 ? sample : 3 * sample + Int32(samples[far * columns + column])
        }
        interpolate(
          sums, into: &target, at: row * width, down: down, across: across, isUpper: row % 2 == 0)
      }
    } else {
      for row in 0..<height {
        for column in 0..<width {
          target[row * width + column] = samples[row / down * columns + column / across]
        }
      }
    }
    return target
  }

  /// Writes a row of the picture from the sums of two rows.
  private func interpolate(
    _ sums: [Int32], into target: inout [UInt8], at start: Int, down: Int, across: Int,
    isUpper: Bool
  ) {
    if across == 1 {
      let bias: Int32 = isUpper ? 1 : 2
      for column in 0..<width {
        target[start + column] = UInt8(truncatingIfNeeded: (sums[column] + bias) >> 2)
      }
      return
    }
    let shift: Int32 = down == 1 ? 2 : 4
    // Rounding goes up and down in turn, so that it favours no direction.
    let (leftBias, rightBias): (Int32, Int32) = down == 1 ? (1, 2) : (8, 7)
    for column in 0..<width {
      let near = column / 2
      let isLeft = column % 2 == 0
      let far = isLeft ? near - 1 : near + 1
      let neighbour = far < 0 || far == sums.count ? sums[near] : sums[far]
      let sum = 3 * sums[near] + neighbour + (isLeft ? leftBias : rightBias)
      target[start + column] = UInt8(truncatingIfNeeded: sum >> shift)
    }
  }
}

/// Red, green and blue of brightness and the differences of blue and red (ITU-R 601), rounded.
@inline(__always)
private func rgb(_ y: Int32, _ cb: Int32, _ cr: Int32) -> (UInt8, UInt8, UInt8) {
  // The factors 1.402, 0.34414, 0.71414 and 1.772 times 2^16.
  let red = y + (91_881 * cr + 32_768) >> 16
  let green = y + (-22_554 * cb - 46_802 * cr + 32_768) >> 16
  let blue = y + (116_130 * cb + 32_768) >> 16
  return (clamped(red), clamped(green), clamped(blue))
}

@inline(__always)
private func clamped(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: max(0, min(255, value))) }

/// Writes the 8 x 8 samples whose cosine transform are the coefficients, each times its step.
///
/// The algorithm of Loeffler, Ligtenberg and Moschytz with 12 products for eight numbers, first for the
/// columns and then for the rows, in integers: factors have 13 bits behind the point, and the numbers between
/// the passes 2.
private func inverseTransform(
  _ coefficients: UnsafePointer<Int16>, _ steps: [Int32], _ target: UnsafeMutablePointer<UInt8>
) {
  withUnsafeTemporaryAllocation(of: Int32.self, capacity: 64) { between in
    let between = between.baseAddress!
    for column in 0..<8 {
      let numbers = transformed(
        { Int32(coefficients[8 * $0 + column]) &* steps[8 * $0 + column] }, shift: 11)
      for row in 0..<8 { between[8 * row + column] = numbers[row] }
    }
    for row in 0..<8 {
      let numbers = transformed({ between[8 * row + $0] }, shift: 18)
      for column in 0..<8 { target[8 * row + column] = clamped(numbers[column] &+ 128) }
    }
  }
}

/// The eight numbers whose cosine transform is given, divided by 2 to the power of `shift` and rounded.
@inline(__always)
private func transformed(_ input: (Int) -> Int32, shift: Int32) -> SIMD8<Int32> {
  // Even frequencies: 0.541196100, 1.847759065 and 0.765366865 times 2^13.
  let turned = (input(2) &+ input(6)) &* 4433
  let even2 = turned &- input(6) &* 15_137
  let even3 = turned &+ input(2) &* 6270
  let even0 = (input(0) &+ input(4)) &<< 13
  let even1 = (input(0) &- input(4)) &<< 13
  let sums = (even0 &+ even3, even1 &+ even2, even1 &- even2, even0 &- even3)

  // Odd frequencies.
  let (a, b, c, d) = (input(7), input(5), input(3), input(1))
  let all = (a &+ c &+ b &+ d) &* 9633  // 1.175875602
  let ad = (a &+ d) &* -7373  // 0.899976223
  let bc = (b &+ c) &* -20_995  // 2.562915447
  let ac = (a &+ c) &* -16_069 &+ all  // 1.961570560
  let bd = (b &+ d) &* -3196 &+ all  // 0.390180644
  let odd0 = a &* 2446 &+ ad &+ ac  // 0.298631336
  let odd1 = b &* 16_819 &+ bc &+ bd  // 2.053119869
  let odd2 = c &* 25_172 &+ bc &+ ac  // 3.072711026
  let odd3 = d &* 12_299 &+ ad &+ bd  // 1.501321110

  let half = Int32(1) &<< (shift &- 1)
  func rounded(_ value: Int32) -> Int32 { (value &+ half) &>> shift }
  return SIMD8(
    rounded(sums.0 &+ odd3), rounded(sums.1 &+ odd2), rounded(sums.2 &+ odd1),
    rounded(sums.3 &+ odd0), rounded(sums.3 &- odd0), rounded(sums.2 &- odd1),
    rounded(sums.1 &- odd2), rounded(sums.0 &- odd3))
}
