/// The classes of the built-in set. A figure is a region of the plane about the origin, of size 1.
enum SyntheticFigure: CaseIterable {
    case disc, ring, square, frame, triangle, plus, diagonalCross, horizontalStripes, verticalStripes, checkerboard

    /// Whether the point lies in the figure; x to the right, y downwards.
    func contains(_ x: Float, _ y: Float) -> Bool {
        let (across, down) = (abs(x), abs(y))
        let radius = (x * x + y * y).squareRoot()
        let inside = max(across, down) < 0.9
        switch self {
        case .disc: return radius < 1
        case .ring: return radius < 1 && radius > 0.6
        case .square: return inside
        case .frame: return inside && max(across, down) > 0.52
        case .triangle: return y < 0.8 && y > -0.9 && across < (y + 0.9) * 0.58
        case .plus: return max(across, down) < 1 && min(across, down) < 0.28
        case .diagonalCross: return inside && abs(across - down) < 0.36
        case .horizontalStripes: return inside && Self.isOdd(y * 2.6)
        case .verticalStripes: return inside && Self.isOdd(x * 2.6)
        case .checkerboard: return inside && Self.isOdd(x * 2.2) != Self.isOdd(y * 2.2)
        }
    }

    private static func isOdd(_ value: Float) -> Bool { Int(value.rounded(.down)) & 1 == 1 }
}
