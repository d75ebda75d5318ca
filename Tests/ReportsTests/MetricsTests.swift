import Foundation
import TestSupport
import Testing

import Reports

@Suite("metrics.jsonl")
struct MetricsTests {
    /// Seconds that binary fractions hold exactly, 0.515625 in all.
    static let account = StepAccount { phase in
        switch phase {
        case .compute: 0.5
        case .exchangeWork: 0.0078125
        case .exposedCommunication: 0.00390625
        case .slowestRank: 0.00390625
        case .dataWait: 0
        }
    }

    static func step(_ number: Int, loss: Double = 0.5) -> MetricsRecord {
        .step(
            StepMetrics(
                step: number, epoch: 1 + number / 3, loss: loss, accuracy: 0.25, learningRate: 1e-3,
                imagesPerSecond: 248.5, seconds: account.total, account: account))
    }

    static func epoch(_ number: Int, step: Int, validationLoss: Double? = 0.771) -> MetricsRecord {
        .epoch(
            EpochMetrics(
                step: step, epoch: number, loss: 0.8123, accuracy: 0.7144, validationLoss: validationLoss,
                validationAccuracy: validationLoss.map { _ in 0.732 }, learningRate: 1e-3, imagesPerSecond: 273,
                seconds: 183, steps: 391, account: account, privateMemoryBytes: 214_958_080))
    }

    @Test("Keys have their documented names and order")
    func keys() {
        let parts =
            #""compute_seconds": 0.5, "exchange_work_seconds": 0.0078125, "exposed_communication_seconds": 0.00390625, "#
            + #""slowest_rank_seconds": 0.00390625, "data_wait_seconds": 0.0"#
        #expect(
            Self.step(4).line
                == #"{"kind": "step", "step": 4, "epoch": 2, "loss": 0.5, "accuracy": 0.25, "learning_rate": 0.001, "#
                + #""images_per_second": 248.5, "seconds": 0.515625, "# + parts + "}")
        #expect(
            Self.epoch(1, step: 391, validationLoss: nil).line
                == #"{"kind": "epoch", "step": 391, "epoch": 1, "loss": 0.8123, "accuracy": 0.7144, "#
                + #""validation_loss": null, "validation_accuracy": null, "learning_rate": 0.001, "#
                + #""images_per_second": 273.0, "seconds": 183.0, "steps": 391, "# + parts
                + #", "private_memory_bytes": 214958080}"#)
    }

    @Test("A line of an earlier version, without the account of its seconds, is still a record")
    func earlierVersion() throws {
        let line =
            #"{"kind": "step", "step": 4, "epoch": 2, "loss": 0.5, "accuracy": 0.25, "learning_rate": 0.001, "#
            + #""images_per_second": 248.5, "seconds": 0.515, "data_wait_seconds": 0.0, "exchange_seconds": 1e-05}"#
        guard case .step(let read) = try #require(MetricsRecord(line: line)) else {
            Issue.record("read back as another kind")
            return
        }
        #expect(read.seconds == 0.515 && read.account[.dataWait] == 0 && read.account[.compute].isNaN)
    }

    @Test(
        "Numbers read back to the same bits",
        arguments: [0.1, 1.0 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0, 1e16] as [Double])
    func roundTrip(loss: Double) throws {
        let record = Self.step(1, loss: loss)
        guard case .step(let read) = try #require(MetricsRecord(line: record.line)) else {
            Issue.record("read back as another kind")
            return
        }
        #expect(read.loss.bitPattern == loss.bitPattern)
    }

    @Test("Numbers that are not finite become null, which every JSON reader takes", arguments: [Double.nan, .infinity])
    func notFinite(loss: Double) throws {
        let line = Self.step(1, loss: loss).line
        #expect(line.contains(#""loss": null"#))
        #expect(throws: Never.self) { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        guard case .step(let read)? = MetricsRecord(line: line) else { return #expect(Bool(false)) }
        #expect(read.loss.isNaN)
    }

    @Test("Each line is in the file as soon as it is added, and the reader gives all back")
    func appendAndRead() throws {
        let directory = try TestDirectory()
        let writer = try MetricsWriter(creating: directory.metrics)
        let records = [Self.step(1), Self.step(2), Self.epoch(1, step: 2)]
        for (count, record) in records.enumerated() {
            try writer.append(record)
            #expect(try MetricsReader.records(path: directory.metrics) == Array(records.prefix(count + 1)))
        }
    }

    @Test("A new run never touches the metrics of an earlier one")
    func existing() throws {
        let directory = try TestDirectory()
        try directory.write("precious\n")
        let error = #expect(throws: ReportError.self) { try MetricsWriter(creating: directory.metrics) }
        #expect(
            error?.description
                == "\(directory.metrics) already holds the metrics of an earlier run. "
                + "Choose another --output, or add --resume.")
        #expect(try directory.text() == "precious\n")
    }

    @Test("A directory that cannot be written to gets a sentence with the system's reason")
    func unwritable() throws {
        let directory = try TestDirectory()
        let path = directory.path + "/missing/metrics.jsonl"
        let sentence =
            "\(path) cannot be opened for writing: no such file or directory. "
            + "Choose a directory you may write to."
        #expect(throws: ReportError.self) { try MetricsWriter(creating: path) }
        #expect { try MetricsWriter(resuming: path, afterStep: 0) } throws: { "\($0)" == sentence }
        #expect { try MetricsReader.records(path: path) } throws: {
            "\($0)" == "\(path) cannot be read: no such file or directory. Check the path and its permissions."
        }
    }

    @Test("A full disk gets a sentence", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDisk() throws {
        let directory = try TestDirectory()
        try FileManager.default.createSymbolicLink(atPath: directory.metrics, withDestinationPath: "/dev/full")
        // The device reads as endless zeros, so resuming, which reads, is left out: it is opened as an empty file is.
        let writer = try MetricsWriter(appending: directory.metrics)
        #expect { try writer.append(Self.step(1)) } throws: { "\($0)".contains("no space left on device. Make room") }
    }

    // Guards: lines that could not be written are all in the file, in order, once it takes lines again; those that never
    // could are counted in the error at the end.
    @Test func keepsLinesUntilThereIsRoom() throws {
        signal(SIGPIPE, SIG_IGN)
        let directory = try TestDirectory()
        try #require(mkfifo(directory.metrics, 0o600) == 0)
        let reader = open(directory.metrics, O_RDONLY | O_NONBLOCK)
        let writer = try MetricsWriter(appending: directory.metrics)
        // Without a reader no line can be written.
        close(reader)
        let records = (1...3).map { Self.step($0) }
        for record in records {
            #expect(throws: ReportError.cannotWrite(path: directory.metrics, reason: "broken pipe")) {
                try writer.append(record)
            }
        }
        #expect { try writer.finish() } throws: { "\($0)".hasPrefix("The last 3 lines did not reach the disk: ") }

        let later = open(directory.metrics, O_RDONLY | O_NONBLOCK)
        defer { close(later) }
        try writer.append(Self.step(4))
        try writer.finish()
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(later, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        #expect(text.split(separator: "\n").map { MetricsRecord(line: String($0)) } == records + [Self.step(4)])
    }

    @Test("Resuming drops later steps and a torn line, so that no step is recorded twice", arguments: [0, 1, 2, 3, 9])
    func resume(afterStep step: Int) throws {
        let directory = try TestDirectory()
        let records = [Self.step(1), Self.step(2), Self.epoch(1, step: 2), Self.step(3), Self.epoch(2, step: 3)]
        try directory.write(records.map { $0.line + "\n" }.joined() + String(Self.step(4).line.prefix(40)))
        #expect(try MetricsReader.records(path: directory.metrics) == records)

        let writer = try MetricsWriter(resuming: directory.metrics, afterStep: step)
        try writer.append(Self.step(step + 1, loss: 9))
        let expected = records.filter { $0.step <= step } + [Self.step(step + 1, loss: 9)]
        #expect(try MetricsReader.records(path: directory.metrics) == expected)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["metrics.jsonl"])
    }

    @Test("Resuming keeps what is not ours to judge, and starts a file where there is none")
    func resumeKeeps() throws {
        let directory = try TestDirectory()
        try MetricsWriter(resuming: directory.metrics, afterStep: 5).append(Self.step(6))
        #expect(try MetricsReader.records(path: directory.metrics) == [Self.step(6)])
        try directory.write("# a note\n" + Self.step(9).line + "\n")
        try MetricsWriter.truncate(path: directory.metrics, afterStep: 5)
        #expect(try directory.text() == "# a note\n")
        // Nor are bytes that are no UTF-8 turned into others.
        let foreign = Data([0xFF, 0xC3, 0x0A])
        try (foreign + Data((Self.step(9).line + "\n").utf8)).write(to: URL(fileURLWithPath: directory.metrics))
        try MetricsWriter.truncate(path: directory.metrics, afterStep: 5)
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.metrics)) == foreign)
    }

    // Guards: a metrics file that is a link to another disk is cut and continued there; the link stays one.
    @Test("Resuming writes through a link")
    func resumeThroughLink() throws {
        let (directory, elsewhere) = (try TestDirectory(), try TestDirectory())
        try elsewhere.write([Self.step(1), Self.step(2)].map { $0.line + "\n" }.joined())
        try FileManager.default.createSymbolicLink(
            atPath: directory.metrics, withDestinationPath: elsewhere.metrics)
        try MetricsWriter(resuming: directory.metrics, afterStep: 1).append(Self.step(2, loss: 9))
        #expect(try MetricsReader.records(path: elsewhere.metrics) == [Self.step(1), Self.step(2, loss: 9)])
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: directory.metrics) == elsewhere.metrics)
    }

    @Test("A file that cannot be rewritten stays whole")
    func resumeFails() throws {
        let directory = try TestDirectory()
        try directory.write(Self.step(9).line + "\n")
        try FileManager.default.createDirectory(
            atPath: directory.metrics + ".partial", withIntermediateDirectories: false)
        #expect(throws: ReportError.self) { try MetricsWriter(resuming: directory.metrics, afterStep: 5) }
        #expect(try directory.text() == Self.step(9).line + "\n")
    }

    @Test("A damaged complete line is named; foreign bytes in a torn one do no harm")
    func damaged() throws {
        let directory = try TestDirectory()
        try directory.write(Self.step(1).line + "\n{\"kind\": \"step\"}\n")
        #expect { try MetricsReader.records(path: directory.metrics) } throws: {
            "\($0)" == "Line 2 of \(directory.metrics) is not a metrics record. Delete that line and try again."
        }
        try directory.write(Self.step(1).line + "\n\n\u{0}\u{0}\u{0}")
        #expect(try MetricsReader.records(path: directory.metrics) == [Self.step(1)])
    }
}
