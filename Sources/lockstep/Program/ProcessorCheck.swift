import CProcessor
import Collectives
import Kernels

/// Whether the running processor has the instructions that the kernels were built with. This module and what it calls
/// are compiled for every processor.
package enum ProcessorCheck {
    /// What a person should know if it has not; nil if it has all.
    package static var complaint: String? {
        complaint(
            host: LocalHost.name,
            required: String(cString: KernelInstructions.names).split(separator: " ").map(String.init),
            isAvailable: { lockstep_processor_has($0) })
    }

    /// The sentence about the required instruction sets that are not available; nil if all are.
    package static func complaint(host: String, required: [String], isAvailable: (String) -> Bool) -> String? {
        let missing = required.filter { !isAvailable($0) }
        guard !missing.isEmpty else { return nil }
        return
            "The processor of \(host) lacks \(missing.joined(separator: ", ")), which this lockstep was built to use; "
            + "build it on \(host), or for all hosts of a mixed cluster with LOCKSTEP_MARCH=x86-64-v3 swift build -c "
            + "release (x86-64-v2 where there is no AVX2)."
    }
}
