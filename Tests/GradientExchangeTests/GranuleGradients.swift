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

    /// The partial sum over a run of granules, by the definition: split at the largest power of two below its length.
    func sum<Number: BinaryFloatingPoint>(over granules: Range<Int>, as type: Number.Type = Number.self) -> [Number] {
        if granules.count == 1 { return rows[granules.lowerBound].map { Number($0) } }
        var half = 1
        while half * 2 < granules.count { half *= 2 }
        let middle = granules.lowerBound + half
        let left: [Number] = sum(over: granules.lowerBound..<middle)
        let right: [Number] = sum(over: middle..<granules.upperBound)
        return zip(left, right).map { $0 + $1 }
    }

    /// The sum over the whole batch by the definition.
    func total<Number: BinaryFloatingPoint>(as type: Number.Type = Number.self) -> [Number] {
        sum(over: 0..<plan.granuleCount)
    }

    /// The sum in the order of the ranks, as a naive reduction takes it: each rank adds its granules one by one, and
    /// the ranks' sums are added one by one.
    func naiveTotal() -> [Float] {
        (0..<plan.rankCount).map { rank in
            plan.granules(ofRank: rank).map { rows[$0] }.reduce { zip($0, $1).map { $0 + $1 } }
        }.reduce { zip($0, $1).map { $0 + $1 } }
    }

    /// The partial sum over a run of granules, every node of the tree rounded to a format.
    func sum(over granules: Range<Int>, as compression: GradientCompression) -> [Float] {
        var result: [Float]
        if granules.count == 1 {
            result = rows[granules.lowerBound]
        } else {
            var half = 1
            while half * 2 < granules.count { half *= 2 }
            let middle = granules.lowerBound + half
            let left = sum(over: granules.lowerBound..<middle, as: compression)
            result = zip(left, sum(over: middle..<granules.upperBound, as: compression)).map { $0 + $1 }
        }
        result.withUnsafeMutableBufferPointer { compression.round($0.baseAddress!, count: $0.count) }
        return result
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
