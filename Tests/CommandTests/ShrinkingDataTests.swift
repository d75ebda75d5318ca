import Foundation
import TestSupport
import Testing

@Suite("Data files that shrink during a training", .serialized)
struct ShrinkingDataTests {
    // Guards: a file that is cut while ranks train on it, in whole pages or within its last one, ends all of them with code
    // 3 and one sentence that names it, and the weights stay those of the last checkpoint before.
    @Test(arguments: [1, 3], ["0", "-100"]) func training(ranks: Int, size: String) throws {
        let directory = try TestDirectory()
        let (data, run) = (directory.path + "/data", directory.path + "/run")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        var records = Data(count: 40 * 3073)
        for place in records.indices {
            records[place] = place % 3073 == 0 ? UInt8(place / 3073 % 10) : UInt8(truncatingIfNeeded: place &* 31)
        }
        for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
            try records.write(to: URL(fileURLWithPath: "\(data)/\(name)"))
        }
        let command = """
            \(ranks == 1 ? "" : "mpirun --oversubscribe --bind-to none -np \(ranks)") \(Launch.product("lockstep")) train \
            --data \(data) --stages 8x1,16x1 --global-batch 24 --epochs 100000 --quiet --output \(run) &
            until [ -s \(run)/metrics.jsonl ] || ! kill -0 $!; do sleep 0.05; done
            truncate -s \(size) \(data)/data_batch_3.bin
            wait $!
            """
        let end = try Launch.run(["bash", "-c", command])
        #expect(end.exitCode == 3 && end.sentences.count == 1, "\(end)")
        #expect(end.sentences.first?.contains("\(data)/data_batch_3.bin was shortened while it was in use") == true)
        #expect(end.sentences.first?.contains("ank 0 on ") == (ranks > 1))
    }

    // Guards: the same signal for any other reason still ends the process as the system would.
    @Test func anotherBusError() throws {
        let directory = try TestDirectory()
        let command = """
            SWIFT_BACKTRACE=enable=no \(Launch.product("lockstep")) \(tinyTraining.joined(separator: " ")) \
            --epochs 100000 --quiet --output \(directory.path)/run &
            until [ -s \(directory.path)/run/metrics.jsonl ] || ! kill -0 $!; do sleep 0.05; done
            kill -BUS $!
            wait $!
            """
        #expect(try Launch.run(["bash", "-c", command]).exitCode == 128 + SIGBUS)
    }
}
