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

    /// Distorts one normalised image `[32, 32, 3]`; `source` and `target` must not overlap.
    public func apply(
        _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, stream: inout RandomStream
    ) {
        let angle = stream.uniform(-rotationDegrees, rotationDegrees) * .pi / 180
        let rows = stream.uniform(-rowShift, rowShift) * Float(imageSide)
        let columns = stream.uniform(-columnShift, columnShift) * Float(imageSide)
        let mirrored = stream.uniform() < 0.5 && horizontalFlip
        let inverted = stream.uniform() < 0.5 && verticalFlip
        warp(
            source, into: target, cosine: cos(angle), sine: sin(angle), rowShift: rows, columnShift: columns,
            mirrored: mirrored, inverted: inverted)
    }

    /// The inverse-mapped affine warp: output position (r, c) reads the input at R · (r + shift − 15.5) + 15.5, bilinear,
    /// coordinates clamped to the edge. Flips only choose where the result is stored.
    package func warp(
        _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, cosine: Float, sine: Float,
        rowShift: Float, columnShift: Float, mirrored: Bool, inverted: Bool
    ) {
        let centre = Float(imageSide - 1) / 2
        let last = Float(imageSide - 1)
        for row in 0..<imageSide {
            let y = Float(row) + rowShift - centre
            let targetRow = (inverted ? imageSide - 1 - row : row) * imageSide
            for column in 0..<imageSide {
                let x = Float(column) + columnShift - centre
                let sourceRow = min(max(cosine * y - sine * x + centre, 0), last)
                let sourceColumn = min(max(sine * y + cosine * x + centre, 0), last)
                let top = Int(sourceRow)
                let left = Int(sourceColumn)
                let downFactor = sourceRow - Float(top)
                let rightFactor = sourceColumn - Float(left)
                let down = top < imageSide - 1 ? imageSide * imageChannels : 0
                let right = left < imageSide - 1 ? imageChannels : 0
                let a = source + (top * imageSide + left) * imageChannels
                let out = target + (targetRow + (mirrored ? imageSide - 1 - column : column)) * imageChannels
                for channel in 0..<imageChannels {
                    let upper = a[channel] + (a[channel + right] - a[channel]) * rightFactor
                    let lower = a[channel + down] + (a[channel + down + right] - a[channel + down]) * rightFactor
                    out[channel] = upper + (lower - upper) * downFactor
                }
            }
        }
    }
}
