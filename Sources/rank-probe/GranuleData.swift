import Tensors

/// Made-up gradients of every granule, of magnitudes from 2⁻³⁰ to 2³⁰ so that every order of summation gives other bits.
struct GranuleData {
    /// Values by granule.
    let rows: [[Float]]

    init(granuleCount: Int, width: Int, step: Int) {
        rows = (0..<granuleCount).map { granule in
            var stream = RandomStream(seed: 2024, purpose: .synthetic, epoch: step, sample: granule)
            return (0..<width).map { _ in
                let exponent = Int(stream.uniform(-30, 30))
                return Float(sign: .plus, exponent: exponent, significand: stream.uniform(-2, 2))
            }
        }
    }

    /// The sum over a run of granules: halves at multiples of powers of two, left plus right.
    func sum<Number: BinaryFloatingPoint>(over granules: Range<Int>, as type: Number.Type = Number.self) -> [Number] {
        if granules.count == 1 { return rows[granules.lowerBound].map { Number($0) } }
        var half = 1
        while half * 2 < granules.count { half *= 2 }
        let middle = granules.lowerBound + half
        let left: [Number] = sum(over: granules.lowerBound..<middle)
        let right: [Number] = sum(over: middle..<granules.upperBound)
        return zip(left, right).map { $0 + $1 }
    }
}
