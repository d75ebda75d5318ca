/// The one-dimensional transforms of F(4,3) with the interpolation points 0, ±1, ±2, ∞, on a vector of channels at once.
///
/// In the notation of Lavin and Gray ("Fast algorithms for convolutional neural networks", CVPR 2016):
/// Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A. The backward pass uses the transposes of the same three matrices.
enum WinogradTransform {
    typealias Six = (Vector, Vector, Vector, Vector, Vector, Vector)
    typealias Four = (Vector, Vector, Vector, Vector)
    typealias Three = (Vector, Vector, Vector)

    /// Bᵀ d: six inputs.
    @inline(__always)
    static func input(_ d: Six) -> Six {
        let even = d.4.addingProduct(d.2, -4)
        let odd = d.3.addingProduct(d.1, -4)
        let middle = d.4 - d.2
        let twice = (d.3 - d.1) * 2
        return (
            d.4.addingProduct(d.2, -5).addingProduct(d.0, 4), even + odd, even - odd, middle + twice, middle - twice,
            d.5.addingProduct(d.3, -5).addingProduct(d.1, 4)
        )
    }

    /// B m: the adjoint of `input`.
    @inline(__always)
    static func inputAdjoint(_ m: Six) -> Six {
        let sum12 = m.1 + m.2
        let difference12 = m.1 - m.2
        let sum34 = m.3 + m.4
        let difference34 = m.3 - m.4
        return (
            m.0 * 4,
            (m.5 * 4).addingProduct(difference12, -4).addingProduct(difference34, -2),
            (-sum34).addingProduct(sum12, -4).addingProduct(m.0, -5),
            difference12.addingProduct(difference34, 2).addingProduct(m.5, -5),
            m.0 + sum12 + sum34,
            m.5
        )
    }

    /// Aᵀ m: six products to four outputs.
    @inline(__always)
    static func output(_ m: Six) -> Four {
        let sum12 = m.1 + m.2
        let difference12 = m.1 - m.2
        let sum34 = m.3 + m.4
        let difference34 = m.3 - m.4
        return (
            m.0 + sum12 + sum34, difference12.addingProduct(difference34, 2), sum12.addingProduct(sum34, 4),
            difference12.addingProduct(difference34, 8) + m.5
        )
    }

    /// A y: the adjoint of `output`.
    @inline(__always)
    static func outputAdjoint(_ y: Four) -> Six {
        let even = y.0 + y.2
        let odd = y.1 + y.3
        let even4 = y.0.addingProduct(y.2, 4)
        let odd8 = (y.1 * 2).addingProduct(y.3, 8)
        return (y.0, even + odd, even - odd, even4 + odd8, even4 - odd8, y.3)
    }

    /// G g: three taps to six.
    @inline(__always)
    static func filter(_ g: Three) -> Six {
        let outer = (g.0 + g.2) * (-1 / 6)
        let inner = g.1 * (1 / 6)
        let outer2 = (g.0 * (1 / 24)).addingProduct(g.2, 1 / 6)
        let inner2 = g.1 * (1 / 12)
        return (g.0 * (1 / 4), outer - inner, outer + inner, outer2 + inner2, outer2 - inner2, g.2)
    }

    /// Gᵀ u: the adjoint of `filter`.
    @inline(__always)
    static func filterAdjoint(_ u: Six) -> Three {
        let sum12 = u.1 + u.2
        let sum34 = u.3 + u.4
        return (
            (u.0 * (1 / 4)).addingProduct(sum12, -1 / 6).addingProduct(sum34, 1 / 24),
            ((u.2 - u.1) * (1 / 6)).addingProduct(u.3 - u.4, 1 / 12),
            u.5.addingProduct(sum34 - sum12, 1 / 6)
        )
    }

    /// G g Gᵀ of a vector of filters: nine taps `tapStride` apart to 36 planes.
    @inline(__always)
    static func filter(
        _ g: UnsafePointer<Float>, tapStride: Int, into planes: UnsafeMutablePointer<Float>, planeStride: Int
    ) {
        @inline(__always)
        func column(_ index: Int) -> Six {
            filter(
                (
                    (g + index * tapStride).vector, (g + (3 + index) * tapStride).vector,
                    (g + (6 + index) * tapStride).vector
                ))
        }
        let (left, middle, right) = (column(0), column(1), column(2))
        @inline(__always)
        func row(_ index: Int, _ taps: Three) {
            WinogradPlanes.store(filter(taps), planes + index * 6 * planeStride, planeStride)
        }
        row(0, (left.0, middle.0, right.0))
        row(1, (left.1, middle.1, right.1))
        row(2, (left.2, middle.2, right.2))
        row(3, (left.3, middle.3, right.3))
        row(4, (left.4, middle.4, right.4))
        row(5, (left.5, middle.5, right.5))
    }
}
