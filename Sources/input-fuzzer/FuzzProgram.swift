import CommandLineArguments
import Foundation
import InputFuzzing
import Reports

/// What the command line asks for, and the run of it.
struct FuzzProgram {
    /// The numbers of inputs between two signs of life, so that a crash is found again soon.
    private static let batch = 10_000
    private static let definition = CommandDefinition(
        "input-fuzzer", summary: "tries the readers of outside input with hostile input",
        discussion: """
            Valid checkpoints, CIFAR-10 files, command lines, metrics and networks are mutated and read, in even shares. It ends \
            with 1 at the first input that breaks a promise; if it crashes, the last line on standard error says \
            between which numbers, and --reader, --first and --inputs repeat them. The inputs depend on the seed and \
            their number alone.
            """,
        sections: [OptionSection("Options", [inputs, seed, reader, first, memory])])

    private static let inputs = Option<Int?>(
        "inputs", .integer(1...1_000_000_000), help: "inputs in all; required")
    private static let seed = Option(
        "seed", .integer(0...Int.max), default: UInt64(1), help: "what the inputs depend on")
    private static let reader = Option(
        "reader", .choice(["checkpoint", "CIFAR-10", "command line", "metrics", "network"]), placeholder: "NAME",
        otherwise: "all five", help: "checkpoint, CIFAR-10, 'command line', metrics or network alone")
    private static let first = Option(
        "first", .integer(0...Int.max / 2), default: 0, help: "number of the first input")
    private static let memory = Option(
        "memory", .integer(0...1_000_000), placeholder: "MB", default: 128,
        help: "address space beyond that at the start, 0 for no bound; allocating more is a failure")

    private let inputs: Int
    private let seed: UInt64
    private let reader: String?
    private let first: Int
    private let memory: Int

    /// Reads a command line; nil when it only asked for a text, which has been shown.
    init?(_ arguments: [String]) throws {
        switch try CommandLineParser(program: Self.definition, version: "input-fuzzer").parse(arguments) {
        case .show(let text):
            try TextStream.output.write(text + "\n")
            return nil
        case .run(let arguments):
            guard let inputs = arguments[Self.inputs] else {
                throw arguments.usageError("The number of inputs is missing; give it as --inputs N.")
            }
            self.inputs = inputs
            seed = arguments[Self.seed]
            reader = arguments[Self.reader]
            first = arguments[Self.first]
            memory = arguments[Self.memory]
        }
    }

    /// Tries all inputs and prints a table.
    func run() throws {
        if memory > 0 { try AddressSpace.limit(toMoreBytes: memory * 1_000_000) }
        let readers = try FuzzedReaders.all(program: SampleCommands.program).filter { $0.name == reader ?? $0.name }
        var table = Table([
            .init("reader"), .init("inputs", .right), .init("accepted", .right), .init("refused", .right),
            .init("seconds", .right),
        ])
        var sum = FuzzTally()
        for (index, reader) in readers.enumerated() {
            let tally = try tally(reader, share: inputs / readers.count + (index < inputs % readers.count ? 1 : 0))
            table.addRow(Self.row(reader.name, tally))
            sum += tally
        }
        if readers.count > 1 { table.addRow(Self.row("all", sum)) }
        var text = "seed \(seed), inputs of each reader from \(first)\n\(table.text)\n"
        if let memory = MemoryUse.current { text += "peak memory \(MemoryUse.text(memory.peakResidentBytes))\n" }
        try TextStream.output.write(ReaderCharacters(environment: ProcessInfo.processInfo.environment).shown(text))
    }

    private func tally(_ reader: any FuzzedReader, share: Int) throws -> FuzzTally {
        let run = FuzzRun(reader: reader, seed: seed)
        try run.checkSamples()
        var sum = FuzzTally()
        for start in stride(from: first, to: first + share, by: Self.batch) {
            let numbers = start..<min(start + Self.batch, first + share)
            try TextStream.errors.write("seed \(seed), \(reader.name), inputs \(numbers)\n")
            sum += try run.tally(numbers)
        }
        return sum
    }

    private static func row(_ name: String, _ tally: FuzzTally) -> [String] {
        [
            name, "\(tally.inputs)", "\(tally.accepted)", "\(tally.refused)", String(format: "%.1f", tally.seconds),
        ]
    }
}
