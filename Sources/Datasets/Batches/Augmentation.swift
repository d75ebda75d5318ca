import Foundation
import Tensors

/// Random distortions of training images: one rotation and shift by a bilinear warp, then flips.
///
/// All draws of an image come from its own stream keyed by (seed, epoch, sample), in one order whatever is switched on,
/// so switching one distortion off does not change the others.
public struct Augmentation: Codable, Sendable, Equatable {
    /// Rotation by U(−r, r) degrees about the centre.
    public var rotationDegrees: Float
    /// Shift of the rows by U(−s, s) of the height.
    public var rowShift: Float
    /// Shift of the columns by U(−s, s) of the width.
    public var columnShift: Float
    /// Mirror left and right with probability 1/2.
    public var horizontalFlip: Bool
    /// Mirror top and bottom with probability 1/2.
    public var verticalFlip: Bool

    /// An augmentation of those ranges.
    public init(
        rotationDegrees: Float, rowShift: Float, columnShift: Float, horizontalFlip: Bool, verticalFlip: Bool
    ) {
        self.rotationDegrees = rotationDegrees
        self.rowShift = rowShift
        self.columnShift = columnShift
        self.horizontalFlip = horizontalFlip
        self.verticalFlip = verticalFlip
    }

    /// The article's: 10 degrees, 5/32 either way, horizontal flips.
    public static let article = Augmentation(
        rotationDegrees: 10, rowShift: 5.0 / 32, columnShift: 5.0 / 32, horizontalFlip: true, verticalFlip: false)

    /// Images as they are.
    public static let none = Augmentation(
        rotationDegrees: 0, rowShift: 0, columnShift: 0, horizontalFlip: false, verticalFlip: false)

    /// Distorts one normalised image of a shape; `source` and `target` must not overlap.
    public func apply(
        _ source: UnsafePointer<Float>, _ shape: ImageShape, into target: UnsafeMutablePointer<Float>,
        stream: inout RandomStream
    ) {
        let angle = stream.uniform(-rotationDegrees, rotationDegrees) * .pi / 180
        let rows = stream.uniform(-rowShift, rowShift) * Float(shape.height)
        let columns = stream.uniform(-columnShift, columnShift) * Float(shape.width)
        let mirrored = stream.uniform() < 0.5 && horizontalFlip
        let inverted = stream.uniform() < 0.5 && verticalFlip
        warp(
            source, shape, into: target, cosine: cos(angle), sine: sin(angle), rowShift: rows, columnShift: columns,
            mirrored: mirrored, inverted: inverted)
    }

    /// The inverse-mapped affine warp: output position (r, c) reads the input at R · (r + shift − centre) + centre,
    /// bilinear, coordinates clamped to the edge. Flips only choose where the result is stored.
    package func warp(
        _ source: UnsafePointer<Float>, _ shape: ImageShape, into target: UnsafeMutablePointer<Float>, cosine: Float,
        sine: Float, rowShift: Float, columnShift: Float, mirrored: Bool, inverted: Bool
    ) {
        let (height, width, channels) = (shape.height, shape.width, shape.channels)
        let (lastRow, lastColumn) = (Float(height - 1), Float(width - 1))
        let (centreRow, centreColumn) = (lastRow / 2, lastColumn / 2)
        for row in 0..<height {
            let y = Float(row) + rowShift - centreRow
            let targetRow = (inverted ? height - 1 - row : row) * width
            for column in 0..<width {
                let x = Float(column) + columnShift - centreColumn
                let sourceRow = min(max(cosine * y - sine * x + centreRow, 0), lastRow)
                let sourceColumn = min(max(sine * y + cosine * x + centreColumn, 0), lastColumn)
                let top = Int(sourceRow)
                let left = Int(sourceColumn)
                let downFactor = sourceRow - Float(top)
                let rightFactor = sourceColumn - Float(left)
                let down = top < height - 1 ? width * channels : 0
                let right = left < width - 1 ? channels : 0
                let a = source + (top * width + left) * channels
                let out = target + (targetRow + (mirrored ? width - 1 - column : column)) * channels
                for channel in 0..<channels {
                    let upper = a[channel] + (a[channel + right] - a[channel]) * rightFactor
                    let lower = a[channel + down] + (a[channel + down + right] - a[channel + down]) * rightFactor
                    out[channel] = upper + (lower - upper) * downFactor
                }
            }
        }
    }
}
