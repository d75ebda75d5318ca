import CMPIShim
import Collectives

/// An operation started on MPI, together with everything MPI reads and writes until it has finished.
final class MPIOperation: StartedOperation {
    private let communicator: MPICommunicator
    private let operation: CollectiveOperation
    private let regions: (MemoryRegion, MemoryRegion)
    private let sections: (RankSections, RankSections)?
    private var request: mpishim_request
    private var isFinished = false

    init(
        _ operation: CollectiveOperation, request: mpishim_request, on communicator: MPICommunicator,
        regions: (MemoryRegion, MemoryRegion), sections: (RankSections, RankSections)?
    ) {
        self.operation = operation
        self.request = request
        self.communicator = communicator
        self.regions = regions
        self.sections = sections
        communicator.ledger.noteStart()
    }

    // An operation dropped on the way out of an error cannot be cancelled, and MPI may still write to its memory:
    // giving the memory away for good is the only safe end.
    deinit {
        guard !isFinished else { return }
        _ = Unmanaged.passRetained(regions.0.memory)
        _ = Unmanaged.passRetained(regions.1.memory)
        sections?.0.keepForever()
        sections?.1.keepForever()
    }

    func test() throws(CommunicationError) -> Bool {
        guard !isFinished else { return true }
        var finished: Int32 = 0
        try communicator.check(mpishim_test(&request, &finished), operation)
        if finished != 0 { noteFinish() }
        return isFinished
    }

    func wait() throws(CommunicationError) {
        try communicator.watch.wait(for: operation, on: communicator) { () throws(CommunicationError) in try test() }
    }

    private func noteFinish() {
        isFinished = true
        communicator.ledger.noteFinish()
    }
}
