import InputFuzzing
import Testing

import lockstep

// Guards the promise that broken and hostile input is refused with a sentence: the short form of what
// `input-fuzzer --inputs 1000000` tries.
@Suite("Readers of outside input") struct ReaderPromisesTests {
    @Test("keep every promise for mutated input, some of which they accept", arguments: 0..<5)
    func keepPromises(index: Int) throws {
        let reader = try FuzzedReaders.all(program: SampleCommands.program)[index]
        let run = FuzzRun(reader: reader, seed: 4)
        try run.checkSamples()
        let tally = try run.tally(0..<4000)
        #expect(tally.inputs == 4000)
        // Mutations that a reader always or never accepts would try very little of it. Few networks survive one.
        #expect(tally.accepted > (reader.name == "network" ? 10 : 40), "\(reader.name)")
        #expect(tally.refused > 1000, "\(reader.name)")
    }

    @Test("lockstep's own command line keeps every promise too")
    func lockstepCommandLine() throws {
        let run = FuzzRun(reader: FuzzedCommandLine(program: CommandRegistry.program), seed: 5)
        try run.checkSamples()
        #expect(try run.tally(0..<2000).refused > 200)
    }
}
