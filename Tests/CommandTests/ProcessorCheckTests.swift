import Testing

import lockstep

@Suite("A build meets its processor")
struct ProcessorCheckTests {
    // Guards: what runs here was built for here.
    @Test func nothingIsMissingHere() {
        #expect(ProcessorCheck.complaint == nil)
    }

    // Guards: one sentence that names the host, what is missing and nothing else, and the remedy.
    @Test func missingInstructionsAreNamed() throws {
        let sentence = try #require(
            ProcessorCheck.complaint(host: "node7", required: ["avx2", "fma", "avx512f"]) { $0 == "avx2" })
        #expect(sentence.hasPrefix("The processor of node7 lacks fma, avx512f, which "))
        #expect(sentence.contains("LOCKSTEP_MARCH=x86-64-v3"))
        #expect(ProcessorCheck.complaint(host: "node7", required: ["avx2"], isAvailable: { _ in true }) == nil)
        #expect(ProcessorCheck.complaint(host: "node7", required: [], isAvailable: { _ in false }) == nil)
    }
}
