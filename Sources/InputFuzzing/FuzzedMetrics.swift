import Reports

/// The reader of `metrics.jsonl`.
///
/// No more records come back than there are complete lines; each can be written and read again without a change, and
/// so can the numbers in it.
package final class FuzzedMetrics: FuzzedReader {
    package let name = "metrics"
    package let samples: [[UInt8]]
    package let tokens = [
        "\n", "\n\n", "\r\n", "{", "}", "[", "]", ":", ",", "\"", "\\", "\\ud83d", "null", "true", "\"step\"",
        "\"epoch\"",
        "\"kind\": \"step\", ", "\"kind\": \"epoch\", ", "\"step\": 3, ", "\"loss\": null, ", "\"steps\": -1, ", "-",
        ".", "e5",
        "{\"kind\": \"step\", \"step\": 1, \"epoch\": 1}\n",
    ].map { Array($0.utf8) }

    private let directory: ScratchDirectory
    private let file: ScratchFile

    /// Makes the samples as a run writes them, with and without what may be missing.
    package init() throws {
        let account = StepAccount { _ in 0.125 }
        let step = MetricsRecord.step(
            StepMetrics(
                step: 4, epoch: 1, loss: 2.25, accuracy: 0.125, learningRate: 1e-3, imagesPerSecond: 312.5,
                seconds: 0.625,
                account: account))
        let epochs = [nil, 0.75].map { loss in
            MetricsRecord.epoch(
                EpochMetrics(
                    step: 5, epoch: 1, loss: loss ?? .nan, accuracy: 0.5, validationLoss: loss,
                    validationAccuracy: loss,
                    learningRate: 1e-3, imagesPerSecond: 300, seconds: 3.5, steps: 5, account: account,
                    privateMemoryBytes: loss.map { _ in 214_958_080 }))
        }
        let lines = [[step], [epochs[0]], [step, epochs[1]]]
        samples = lines.map { records in Array(records.map { $0.line + "\n" }.joined().utf8) }
        directory = try ScratchDirectory()
        file = try ScratchFile(path: directory.file("metrics.jsonl"))
    }

    /// The input with the newline that completes its last line.
    package func framed(_ input: [UInt8]) -> [UInt8] { input + Array("\n".utf8) }

    package func accepts(_ input: [UInt8]) throws(BrokenPromise) -> Bool {
        try file.fill(input)
        let records: [MetricsRecord]
        do throws(ReportError) { records = try MetricsReader.records(path: file.path) } catch {
            try BrokenPromise.unlessSentence(error.description, names: file.path)
            guard case .damagedLine(_, let line) = error else { throw BrokenPromise("The file was not read: \(error)") }
            try BrokenPromise.unless(
                (1...input.count(of: Self.newline)).contains(line), "Line \(line) is none of the file's.")
            return false
        }
        let lines = input.split(separator: Self.newline, omittingEmptySubsequences: false).dropLast()
        let filled = lines.count { !$0.isEmpty }
        try BrokenPromise.unless(records.count == filled, "\(records.count) records came from \(filled) lines.")
        for record in records {
            let line = record.line
            try BrokenPromise.unless(!line.utf8.contains(Self.newline), "A record has more than one line.")
            let again = MetricsRecord(line: line)
            // Numbers that are not finite are null in the text, so the texts are compared.
            try BrokenPromise.unless(
                again?.line == line && again?.step == record.step, "A record does not survive writing: \(line)")
        }
        return true
    }

    private static let newline = UInt8(ascii: "\n")
}

extension [UInt8] {
    /// How often a byte occurs.
    fileprivate func count(of byte: UInt8) -> Int { count { $0 == byte } }
}
