import CMPIShim
import Collectives

extension MPICommunicator {
    /// Throws the sentence for a code that MPI returned, unless it is success.
    func check(_ code: Int32, _ operation: CollectiveOperation) throws(CommunicationError) {
        guard code != 0 else { return }
        throw CommunicationError(
            operation: operation, rank: rank, hostName: hostName, reason: Self.text { mpishim_describe(code, $0) },
            nextStep: "Start the job again; training goes on from the newest checkpoint with --resume.")
    }

    /// `count` as MPI takes it. Throws when it is too large, on every rank that passes the same count.
    func checkedCount(_ count: Int, _ operation: CollectiveOperation) throws(CommunicationError) -> Int32 {
        guard let checked = Int32(exactly: count) else {
            throw CommunicationError(
                operation: operation, rank: rank, hostName: hostName,
                reason: "\(count) is more than MPI can count, \(Int32.max)",
                nextStep: "Send it in several parts.")
        }
        return checked
    }

    /// The text that `write` leaves in the buffer it is given.
    static func text(_ write: (UnsafeMutablePointer<CChar>) -> Void) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: MPISHIM_TEXT_CAPACITY) { buffer in
            buffer.initialize(repeating: 0)
            write(buffer.baseAddress!)
            return String(cString: buffer.baseAddress!)
        }
    }
}
