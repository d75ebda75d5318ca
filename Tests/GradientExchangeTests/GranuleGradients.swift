import Granules
import Kernels
import Tensors

/// Made-up partial sums of every granule, of magnitudes from 2⁻³⁰ to 2³⁰, so that other orders of summation give other
/// bits. Granules without samples are zero.
struct GranuleGradients: Sendable {
    let plan: GranulePlan
    let rows: [[Float]]

    init(plan: GranulePlan, width: Int, seed: UInt64 = 1) {
        self.plan = plan
        rows = (0..<plan.granuleCount).map { granule in
            guard !plan.samples(inGranule: granule).isEmpty else { return Array(repeating: 0, count: width) }
            var stream = RandomStream(seed: seed, purpose: .synthetic, sample: granule)
            return (0..<width).map { _ in
                let exponent = Int(stream.uniform(-30, 30))
                return Float(sign: .plus, exponent: exponent, significand: stream.uniform(-2, 2))
            }
        }
    }

    /// The partial sum of a node of the tree.
    func sum<Number: BinaryFloatingPoint>(over node: Range<Int>, as type: Number.Type = Number.self) -> [Number] {
        plan.tree.sums(of: node) { rows[$0].map { Number($0) } }
    }

    /// The sum over the whole batch.
    func total<Number: BinaryFloatingPoint>(as type: Number.Type = Number.self) -> [Number] {
        sum(over: plan.tree.root)
    }

    /// The sum in the order of the ranks, as a naive reduction takes it: each rank adds its granules one by one, and
    /// the ranks' sums are added one by one.
    func naiveTotal() -> [Float] {
        (0..<plan.rankCount).map { rank in
            plan.granules(ofRank: rank).map { rows[$0] }.reduce { zip($0, $1).map { $0 + $1 } }
        }.reduce { zip($0, $1).map { $0 + $1 } }
    }

    /// The partial sum of a node, every node under it rounded to a format.
    func sum(over node: Range<Int>, as compression: GradientCompression) -> [Float] {
        func rounded(_ values: [Float]) -> [Float] {
            var values = values
            values.withUnsafeMutableBufferPointer { compression.round($0.baseAddress!, count: $0.count) }
            return values
        }
        return plan.tree.sum(of: node, granule: { rounded(rows[$0]) }) { left, right in
            left = rounded(zip(left, right).map { $0 + $1 })
        }
    }

    /// How far a sum of that many terms may be from the exact one, element by element.
    func tolerances(_ ulp: Double) -> [Double] {
        rows[0].indices.map { index in rows.reduce(0) { $0 + abs(Double($1[index])) } * ulp * 16 }
    }
}

extension Array {
    /// Combines the elements from left to right; there is at least one.
    fileprivate func reduce(_ combine: (Element, Element) -> Element) -> Element {
        dropFirst().reduce(self[0], combine)
    }
}
