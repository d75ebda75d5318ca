import CProcessor

/// The instruction sets that the kernels were compiled for.
public enum KernelInstructions {
    /// Their names, separated by spaces, as a C string: whoever asks may not yet run vector code.
    public static var names: UnsafePointer<CChar> { lockstep_compiled_instructions() }
}
