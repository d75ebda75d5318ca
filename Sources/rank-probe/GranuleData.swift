import Granules
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

    /// The sum over a node of the granule tree.
    func sum<Number: BinaryFloatingPoint>(over node: Range<Int>, as type: Number.Type = Number.self) -> [Number] {
        GranuleTree(granuleCount: rows.count).sums(of: node) { rows[$0].map { Number($0) } }
    }
}
