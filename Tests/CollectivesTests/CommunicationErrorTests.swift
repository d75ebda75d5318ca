import Collectives
import Testing

@Suite("Errors of communication")
struct CommunicationErrorTests {
    @Test("say who, where, what, why and what to do")
    func sentence() {
        let error = CommunicationError(
            operation: .sumOfDoubles(count: 513), rank: 3, hostName: "node7", reason: "MPI_ERR_TRUNCATE: too long",
            nextStep: "Start the job again.")
        #expect(
            "\(error)"
                == "Rank 3 on node7 failed in the sum of 513 doubles: MPI_ERR_TRUNCATE: too long. Start the job again.")
    }

    @Test("a block larger than MPI can count is refused before anything is sent")
    func hugeBlocks() throws {
        let solo = SoloCommunicator()
        #expect(try RankSections(byteCounts: [RankSections.largestBlock], on: solo).extent == 2_147_483_647)
        let error = #expect(throws: CommunicationError.self) {
            try RankSections(byteCounts: [1 << 31], on: solo)
        }
        #expect(error?.reason == "a message of 2147483648 bytes is more than MPI can count, 2147483647 bytes")
        #expect(throws: CommunicationError.self) { try RankSections(byteCounts: [1], offsets: [1 << 31], on: solo) }
    }
}
