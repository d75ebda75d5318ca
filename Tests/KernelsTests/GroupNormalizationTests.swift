import Foundation
import Kernels
import Tensors
import Testing

@Suite("Group normalisation")
struct GroupNormalizationTests {
    // Guards: the formula, against plain loops in Double, for groups that fill no vector and for one that is all channels.
    @Test(arguments: [(6, 1), (6, 2), (6, 6), (40, 5)])
    func matchesItsDefinition(_ channels: Int, _ groups: Int) {
        let (pixels, size) = (7, channels / groups)
        var stream = RandomStream(seed: 4, purpose: .synthetic)
        let x = (0..<pixels * channels).map { _ in 3 + 2 * stream.normal() }
        let gamma = (0..<channels).map { _ in stream.normal() }
        let beta = (0..<channels).map { _ in stream.normal() }
        var moments = [Float](repeating: 0, count: 2 * groups)
        var y = [Float](repeating: 0, count: x.count)
        GroupNormalization(pixels: pixels, channels: channels, groups: groups).forward(
            x, gamma: gamma, beta: beta, moments: &moments, output: &y)
        for group in 0..<groups {
            let members = x.indices.filter { $0 % channels / size == group }
            let mean = members.reduce(0) { $0 + Double(x[$1]) } / Double(members.count)
            let variance = members.reduce(0) { $0 + pow(Double(x[$1]) - mean, 2) } / Double(members.count)
            for index in members {
                let normal = (Double(x[index]) - mean) / (variance + GroupNormalization.epsilon).squareRoot()
                let expected = Double(gamma[index % channels]) * normal + Double(beta[index % channels])
                #expect(abs(Double(y[index]) - expected) < 1e-4)
            }
        }
    }
}
