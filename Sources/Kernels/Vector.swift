/// The unit of work of every kernel: eight lanes, one AVX2 register.
typealias Vector = SIMD8<Float>

/// The number of lanes in a `Vector`; channel counts that are multiples of it need no remainder loop.
let vectorWidth = Vector.scalarCount

extension UnsafePointer<Float> {
    /// The eight elements that start here, at any alignment.
    @inline(__always)
    var vector: Vector { UnsafeRawPointer(self).loadUnaligned(as: Vector.self) }
}

extension UnsafeMutablePointer<Float> {
    /// The eight elements that start here, at any alignment.
    @inline(__always)
    var vector: Vector {
        get { UnsafeRawPointer(self).loadUnaligned(as: Vector.self) }
        nonmutating set { UnsafeMutableRawPointer(self).storeBytes(of: newValue, as: Vector.self) }
    }
}

extension Vector {
    /// Negative lanes become zero. Written with `replacing`, which is one instruction; `pointwiseMax` compiles to scalar code.
    @inline(__always)
    var rectified: Vector { replacing(with: 0, where: self .< Vector.zero) }
}
