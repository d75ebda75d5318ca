import Foundation
import Tensors

/// Paints one image of the built-in set.
struct SyntheticPainter {
    static let shape = ImageShape(height: 32, width: 32, channels: 3)

    let figure: SyntheticFigure
    var stream: RandomStream

    /// Paints figure, background and noise as three planes of bytes.
    mutating func paint(into bytes: UnsafeMutablePointer<UInt8>) {
        let size = stream.uniform(9, 13)
        let centreX = stream.uniform(size, 31 - size)
        let centreY = stream.uniform(size, 31 - size)
        let angle = stream.uniform(-12, 12) * .pi / 180
        let (cosine, sine) = (cos(angle), sin(angle))
        let (figureColour, groundColour) = colours()
        let slopeX = stream.uniform(-1, 1)
        let slopeY = stream.uniform(-1, 1)
        let noise = stream.uniform(2, 15)
        let shape = Self.shape
        for row in 0..<shape.height {
            for column in 0..<shape.width {
                let x = (Float(column) - centreX) / size
                let y = (Float(row) - centreY) / size
                let isFigure = figure.contains(cosine * x + sine * y, cosine * y - sine * x)
                let colour = isFigure ? figureColour : groundColour
                let shade = slopeX * (Float(column) - 15.5) + slopeY * (Float(row) - 15.5)
                for channel in 0..<shape.channels {
                    let value = colour[channel] + shade + noise * (stream.uniform() - 0.5) * 2
                    bytes[channel * shape.plane + row * shape.width + column] = UInt8(min(max(value, 0), 255))
                }
            }
        }
    }

    /// Two colours that differ enough to be told apart; which is lighter says nothing about the class.
    private mutating func colours() -> (SIMD3<Float>, SIMD3<Float>) {
        while true {
            let first = SIMD3(stream.uniform(20, 235), stream.uniform(20, 235), stream.uniform(20, 235))
            let second = SIMD3(stream.uniform(20, 235), stream.uniform(20, 235), stream.uniform(20, 235))
            let difference = first - second
            if (difference * difference).sum() > 110 * 110 { return (first, second) }
        }
    }
}
