/// The unit of work of every kernel: one register of the processor the module is built for.
///
/// Results do not depend on the width: a lane is a channel, and whatever is summed across lanes is summed in an order
/// of its own. `WIDE_VECTORS` is set by Package.swift where the processor has AVX-512; 8 lanes are one register of AVX2
/// and two of NEON.
#if WIDE_VECTORS
    package typealias Vector = SIMD16<Float>
    /// As many `Double`s as a `Vector` has lanes.
    typealias DoubleVector = SIMD16<Double>
    /// The bits of a `Vector`'s lanes.
    typealias BitVector = SIMD16<Int32>
#else
    package typealias Vector = SIMD8<Float>
    /// As many `Double`s as a `Vector` has lanes.
    typealias DoubleVector = SIMD8<Double>
    /// The bits of a `Vector`'s lanes.
    typealias BitVector = SIMD8<Int32>
#endif

/// The number of lanes in a `Vector`.
package let vectorWidth = Vector.scalarCount

extension UnsafePointer<Float> {
    /// The vector that starts here, at any alignment.
    @inline(__always)
    var vector: Vector { UnsafeRawPointer(self).loadUnaligned(as: Vector.self) }
}

extension UnsafeMutablePointer<Float> {
    /// The vector that starts here, at any alignment.
    @inline(__always)
    var vector: Vector {
        get { UnsafeRawPointer(self).loadUnaligned(as: Vector.self) }
        nonmutating set { UnsafeMutableRawPointer(self).storeBytes(of: newValue, as: Vector.self) }
    }
}

extension Vector {
    /// Lanes below the floor become it. Written with `replacing`, which is one instruction; `pointwiseMax` compiles to
    /// scalar code.
    @inline(__always)
    func raised(to floor: Vector) -> Vector { replacing(with: floor, where: self .< floor) }

    /// `self + other · factor` in one rounding.
    @inline(__always)
    func addingProduct(_ other: Vector, _ factor: Float) -> Vector { addingProduct(other, Vector(repeating: factor)) }

    /// The same numbers in double precision.
    @inline(__always)
    var doubles: DoubleVector {
        var result = DoubleVector()
        for lane in 0..<Vector.scalarCount { result[lane] = Double(self[lane]) }
        return result
    }
}

extension UnsafeMutablePointer<Double> {
    /// The doubles that start here, as many as a `Vector` has lanes, at any alignment.
    @inline(__always)
    var vector: DoubleVector {
        get { UnsafeRawPointer(self).loadUnaligned(as: DoubleVector.self) }
        nonmutating set { UnsafeMutableRawPointer(self).storeBytes(of: newValue, as: DoubleVector.self) }
    }
}
