import InputFuzzing
import Testing

// Guards the loop itself: it finds what it looks for, says where, and finds it there again.
@Suite("The loop of mutated inputs") struct FuzzRunTests {
    @Test("a broken promise is reported with the input's number and seed, and found again alone")
    func reportsBrokenPromises() throws {
        let run = FuzzRun(reader: CarelessReader(), seed: 9)
        let number = try #require((0..<5000).first { CarelessReader.trips(over: run.input($0)) })
        let all = broken { _ = try run.tally(0..<5000) }
        let alone = broken { _ = try run.tally(number..<number + 1) }
        #expect(all?.description == "careless, input \(number) of seed 9: It read 7.")
        #expect(alone == all)
        #expect(broken { _ = try run.tally(0..<number) } == nil)
    }

    @Test("a reader that refuses its own samples is no subject")
    func refusesUnreadableSamples() {
        let run = FuzzRun(reader: CarelessReader(refused: 1), seed: 9)
        #expect(broken { try run.checkSamples() }?.description == "The careless reader refuses its own sample 1.")
    }

    @Test("an input depends on seed and number alone")
    func repeats() {
        let (run, other) = (FuzzRun(reader: CarelessReader(), seed: 1), FuzzRun(reader: CarelessReader(), seed: 2))
        let inputs = (0..<300).map(run.input)
        #expect((0..<300).reversed().map(run.input) == inputs.reversed())
        #expect((0..<300).map(other.input) != inputs)
        #expect(Set(inputs).count > 200)
    }

    @Test("every kind of mutation changes its input, also an empty one without a crash", arguments: Mutation.allCases)
    func mutates(mutation: Mutation) {
        let reader = CarelessReader()
        let changed = (0..<200).count { number in
            var mutator = InputMutator(reader: reader, seed: 3, number: number)
            var (input, empty) = (reader.samples[0], [UInt8]())
            mutator.apply(mutation, to: &input)
            mutator.apply(mutation, to: &empty)
            return input != reader.samples[0]
        }
        #expect(changed > 100)
    }

    @Test(
        "a message must be a visible sentence on one line that names its file",
        arguments: [
            "", "damaged", "input has no full stop at its end", "input breaks\nthe line of its message.",
            "input breaks\u{2028}the line of its message.", "input turns \u{202E} the rest of its message around.",
            "another file is damaged, copy it again.", "input \(String(repeating: "x", count: 2000)).",
        ])
    func judgesSentences(text: String) {
        #expect(broken { try BrokenPromise.unlessSentence(text, names: "input") } != nil)
        #expect(broken { try BrokenPromise.unlessSentence("input is damaged; copy it again.", names: "input") } == nil)
    }

    /// The broken promise that a body throws.
    private func broken(_ body: () throws -> Void) -> BrokenPromise? {
        do { try body() } catch { return error as? BrokenPromise }
        return nil
    }
}
