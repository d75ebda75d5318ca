/// The unit of work of every kernel: one register of the processor the module is built for.
///
/// Results do not depend on the width: a lane is a channel, what is summed across lanes is summed in an order of its
/// own, and channels that fill no vector go through the same operations, but for those that are the same ones at any
/// width (`ChannelSums`). `WIDE_VECTORS` is set by Package.swift where the processor has AVX-512; 8 lanes are one
/// register of AVX2 and two of NEON.
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

    /// The first lanes of a vector, all or eight, from the numbers that start here; the others are zero.
    @inline(__always)
    subscript(lanes lanes: Int) -> Vector {
        #if WIDE_VECTORS
            if lanes == 8 {
                return Vector(
                    lowHalf: UnsafeRawPointer(self).loadUnaligned(as: SIMD8<Float>.self), highHalf: .zero)
            }
        #endif
        return vector
    }
}

extension UnsafeMutablePointer<Float> {
    /// The vector that starts here, at any alignment.
    @inline(__always)
    var vector: Vector {
        get { UnsafeRawPointer(self).loadUnaligned(as: Vector.self) }
        nonmutating set { UnsafeMutableRawPointer(self).storeBytes(of: newValue, as: Vector.self) }
    }

    /// The first lanes of a vector, all or eight, as the numbers that start here; the others read as zero.
    @inline(__always)
    subscript(lanes lanes: Int) -> Vector {
        get { UnsafePointer(self)[lanes: lanes] }
        nonmutating set {
            #if WIDE_VECTORS
                if lanes == 8 {
                    return UnsafeMutableRawPointer(self).storeBytes(of: newValue.lowHalf, as: SIMD8<Float>.self)
                }
            #endif
            vector = newValue
        }
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

    /// Adds the first lanes of a vector, all or eight, to the numbers that start here.
    @inline(__always)
    func add(_ values: DoubleVector, lanes: Int) {
        #if WIDE_VECTORS
            if lanes == 8 {
                let sum = UnsafeRawPointer(self).loadUnaligned(as: SIMD8<Double>.self) + values.lowHalf
                return UnsafeMutableRawPointer(self).storeBytes(of: sum, as: SIMD8<Double>.self)
            }
        #endif
        vector += values
    }
}
