import Kernels
import Testing

/// Channels that fill no vector, one, and some with a remainder.
private let channelCounts = [5, 16, 48, 53]

@Suite("Pooling is what it says")
struct PoolingTests {
    private let height = 6
    private let width = 4

    /// The four elements of each 2×2 field, in reading order, for two images, field by field and channel by channel.
    private func fields(_ x: [Float], channels: Int) -> [[Float]] {
        var result: [[Float]] = []
        for image in 0..<2 {
            for row in stride(from: 0, to: height, by: 2) {
                for column in stride(from: 0, to: width, by: 2) {
                    for c in 0..<channels {
                        result.append(
                            (0..<4).map { place in
                                let pixel = (image * height + row + place / 2) * width + column + place % 2
                                return x[pixel * channels + c]
                            })
                    }
                }
            }
        }
        return result
    }

    // Guards: the largest element and the first of equals; the gradient goes there and nowhere else.
    @Test(arguments: channelCounts)
    func maximumAndItsGradient(channels: Int) {
        // Few different values, so that fields have equal elements.
        let x = randomValues(2 * height * width * channels, seed: 3).map { ($0 * 2).rounded() }
        let count = x.count / 4
        var output = [Float](repeating: .nan, count: count)
        var chosen = [Float](repeating: .nan, count: count)
        Pooling.maximumForward(
            images: 2, height: height, width: width, channels: channels, input: x, output: &output, chosen: &chosen)
        let fields = fields(x, channels: channels)
        #expect(output == fields.map { $0.max()! })
        #expect(chosen == fields.map { field in Float(field.firstIndex(of: field.max()!)!) })

        let dy = randomValues(count, seed: 4)
        var dx = [Float](repeating: .nan, count: x.count)
        Pooling.maximumBackward(
            images: 2, height: height, width: width, channels: channels, outputGradient: dy, chosen: chosen,
            inputGradient: &dx)
        let expected = zip(dy, chosen).map { gradient, place in (0..<4).map { Float($0) == place ? gradient : 0 } }
        #expect(self.fields(dx, channels: channels) == expected)
    }

    // Guards: the mean of each field, and its gradient spread evenly.
    @Test(arguments: channelCounts)
    func averageAndItsGradient(channels: Int) {
        let x = randomValues(2 * height * width * channels, seed: 5)
        var output = [Float](repeating: .nan, count: x.count / 4)
        Pooling.averageForward(
            images: 2, height: height, width: width, channels: channels, window: PoolWindow(height: 2, width: 2),
            input: x, output: &output)
        let means = fields(x, channels: channels).map { ($0[0] + $0[1] + $0[2] + $0[3]) / 4 }
        #expect(zip(output, means).filter { abs($0 - $1) > 1e-6 }.isEmpty)

        var dx = [Float](repeating: .nan, count: x.count)
        Pooling.averageBackward(
            images: 2, height: height, width: width, channels: channels, window: PoolWindow(height: 2, width: 2),
            outputGradient: output,
            inputGradient: &dx)
        #expect(fields(dx, channels: channels) == output.map { Array(repeating: $0 / 4, count: 4) })
    }
}
