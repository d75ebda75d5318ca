import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct CheckpointTests {
    @Test("weights, optimiser state, normalisation and texts come back from disk bit for bit")
    func restoresEverything() throws {
        let directory = try TestDirectory()
        let fixture = CheckpointFixture()
        try fixture.checkpoint(step: 391).write(to: directory.file("x"))
        let checkpoint = try Checkpoint(path: directory.file("x"))
        let (weights, momentum) = (Tensor(fixture.weights.shape), Tensor(fixture.weights.shape))
        try checkpoint.restoreParameters([(fixture.table, weights)])
        try checkpoint.restoreOptimizerSlot("momentum", fixture.table, into: momentum)
        #expect(weights.values == fixture.weights.values)
        for parameter in fixture.table.parameters {
            let expected =
                parameter.role == .statistic
                ? Array(repeating: 0, count: 3) : parameter.exported(from: fixture.momentum)
            #expect(parameter.exported(from: momentum) == expected, "\(parameter.name)")
        }
        let normalization = try checkpoint.normalization(shape: [1, 2, 3])
        #expect(normalization.mean.values == [1, 2, 3, 4, 5, 6])
        #expect(normalization.standardDeviation.values == [6, 5, 4, 3, 2, 1])
        #expect(try checkpoint.number(CheckpointKey.step) == 391)
        #expect(try checkpoint.text(CheckpointKey.plan) == #"{"recipe":"article"}"#)
        #expect(checkpoint.isNative && checkpoint.optimizerSlots == ["momentum"])
    }

    @Test("convolution weights lie in the file as PyTorch has them: outputs, inputs, height, width")
    func writesPyTorchLayout() throws {
        let fixture = CheckpointFixture()
        let tensor = try #require(fixture.checkpoint()["units.0.conv.weight"])
        let parameter = try #require(fixture.table["units.0.conv.weight"])
        #expect(tensor.shape == [4, 3, 3, 3])
        for (output, input, row, column) in [(0, 0, 0, 0), (3, 1, 2, 0), (1, 2, 0, 2)] {
            let outside = ((output * 3 + input) * 3 + row) * 3 + column
            let inside = ((row * 3 + column) * 3 + input) * 4 + output
            #expect(tensor.values[outside] == fixture.weights.pointer[parameter.range.lowerBound + inside])
        }
    }

    @Test("the digest is the SHA-256 of the content as documented")
    func hasDocumentedDigest() throws {
        let directory = try TestDirectory()
        var checkpoint = Checkpoint(metadata: ["z": "last"])
        checkpoint.append(NamedTensor(name: "w", shape: [2], values: [1, -2.5]))
        checkpoint.append(NamedTensor(name: "a", shape: [], values: [0.5]))
        try checkpoint.write(to: directory.file("x"))
        func number(_ value: UInt8) -> [UInt8] { [value, 0, 0, 0, 0, 0, 0, 0] }
        func text(_ text: String) -> [UInt8] { number(UInt8(text.utf8.count)) + Array(text.utf8) }
        func digest(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
            number(64) + Array(Array(bytes).withUnsafeBytes { SHA256.hexDigest($0) }.utf8)
        }
        let (ofA, ofW) = (digest(SafetensorsTests.data[8...]), digest(SafetensorsTests.data[..<8]))
        var content = number(4) + text("lockstep.format") + text("1")
        content += text("lockstep.sha256.a") + ofA + text("lockstep.sha256.w") + ofW
        content += text("z") + text("last") + number(2)
        content += text("a") + text("F32") + number(0) + number(4) + SafetensorsTests.data[8...]
        content += text("w") + text("F32") + number(1) + number(2) + number(8) + SafetensorsTests.data[..<8]
        var hash = SHA256()
        content.withUnsafeBytes { hash.update($0) }
        let expected = hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(try SafetensorsFile(path: directory.file("x")).metadata[CheckpointKey.digest] == expected)
    }

    // Guards: where a byte of a tensor changed, the sentence names that tensor.
    @Test func namesTheDamagedTensor() throws {
        let directory = try TestDirectory()
        try CheckpointFixture().checkpoint().write(to: directory.file("whole"))
        let file = try SafetensorsFile(path: directory.file("whole"))
        let bytes = try directory.read("whole")
        let dataLength = file.entries.reduce(0) { $0 + $1.byteRange.count }
        for entry in file.entries {
            var damaged = bytes
            damaged[bytes.count - dataLength + entry.byteRange.lowerBound] ^= 1
            let path = try directory.write(damaged)
            let error = checkpointError { _ = try Checkpoint(path: path) }
            #expect(error?.description.contains("its tensor \(entry.name) does not have the SHA-256") == true)
        }
    }

    @Test("a native file without its digest, or with another format, is refused")
    func demandsDigestAndFormat() throws {
        let directory = try TestDirectory()
        let path = directory.file("x")
        try SafetensorsWriter.write([], metadata: [CheckpointKey.step: "3"], to: path)
        #expect(checkpointError { _ = try Checkpoint(path: path) }?.problem == .damaged)
        try SafetensorsWriter.write([], metadata: [CheckpointKey.format: "2"], to: path)
        #expect(
            checkpointError { _ = try Checkpoint(path: path) }?.description
                == "\(path) has format 2; this program reads format 1. Use the version of Lockstep that wrote it.")
    }

    @Test("another network gets a sentence with both shapes, and its block stays as it was")
    func refusesOtherShapes() {
        let other = CheckpointFixture(outputs: 5)
        let block = Tensor(other.weights.shape)
        let checkpoint = CheckpointFixture().checkpoint()
        let error = checkpointError { try checkpoint.restoreParameters([(other.table, block)]) }
        #expect(error?.problem == .mismatched)
        #expect(
            error?.description == "the checkpoint has units.0.conv.weight 4×3×3×3; this network needs 5×3×3×3. Pass "
                + "--stages and the other network options of the run that wrote it, or start a new run.")
        let slot = checkpointError { try checkpoint.restoreOptimizerSlot("momentum", other.table, into: block) }
        #expect(slot?.description.contains("optimizer.momentum.units.0.conv.weight 4×3×3×3") == true)
        #expect(block.values.allSatisfy { $0 == 0 })
    }

    @Test("a missing and a surplus tensor are named, and the block stays as it was")
    func refusesMissingAndSurplus() {
        let fixture = CheckpointFixture()
        let block = Tensor(fixture.weights.shape)
        var partial = Checkpoint()
        for tensor in fixture.checkpoint().tensors where tensor.name != "classifier.bias" { partial.append(tensor) }
        let missing = checkpointError { try partial.restoreParameters([(fixture.table, block)]) }
        #expect(
            missing?.description.hasPrefix("the checkpoint has no classifier.bias, which this network needs. Pass")
                == true)
        var surplus = fixture.checkpoint()
        surplus.append(NamedTensor(name: "units.9.conv.bias", shape: [1], values: [0]))
        let extra = checkpointError { try surplus.restoreParameters([(fixture.table, block)]) }
        #expect(extra?.description.contains("has units.9.conv.bias, which this network does not have") == true)
        surplus = fixture.checkpoint()
        surplus.append(NamedTensor(name: "optimizer.momentum.units.9.conv.bias", shape: [1], values: [0]))
        #expect(checkpointError { try surplus.restoreOptimizerSlot("momentum", fixture.table, into: block) } != nil)
        #expect(block.values.allSatisfy { $0 == 0 })
    }

    @Test("parameters may be spread over several blocks, and none is touched when one does not fit")
    func restoresSeveralBlocks() throws {
        let fixture = CheckpointFixture()
        var (front, back) = (ParameterTable(), ParameterTable())
        for parameter in fixture.table.parameters {
            if parameter.role == .statistic {
                back.declare(parameter.name, parameter.shape, role: .statistic)
            } else {
                front.declare(parameter.name, parameter.shape, role: parameter.role, layout: parameter.layout)
            }
        }
        let (weights, statistics) = (Tensor([front.blockCount]), Tensor([back.blockCount]))
        let checkpoint = fixture.checkpoint()
        #expect(checkpointError { try checkpoint.restoreParameters([(front, weights)]) }?.problem == .mismatched)
        #expect(weights.values.allSatisfy { $0 == 0 })
        try checkpoint.restoreParameters([(front, weights), (back, statistics)])
        for (table, block) in [(front, weights), (back, statistics)] {
            for parameter in table.parameters {
                let original = try #require(fixture.table[parameter.name])
                #expect(parameter.exported(from: block) == original.exported(from: fixture.weights))
            }
        }
    }

    @Test("weights saved from PyTorch load in spite of its batch counters")
    func passesOverBatchCounters() throws {
        let fixture = CheckpointFixture()
        var checkpoint = Checkpoint()
        checkpoint.appendParameters(fixture.table, from: fixture.weights)
        checkpoint.append(NamedTensor(name: "units.0.bn.num_batches_tracked", shape: [], values: [17]))
        let block = Tensor(fixture.weights.shape)
        try checkpoint.restoreParameters([(fixture.table, block)])
        #expect(block.values == fixture.weights.values)
    }

    @Test("another optimiser's state is named, with what there is")
    func refusesOtherOptimizers() {
        let fixture = CheckpointFixture()
        let block = Tensor(fixture.weights.shape)
        let error = checkpointError {
            try fixture.checkpoint().restoreOptimizerSlot("first_moment", fixture.table, into: block)
        }
        #expect(
            error?.description == "the checkpoint has no optimizer state first_moment (it has: momentum). Choose the "
                + "optimizer of that run, or start a new run with its weights.")
    }

    @Test("missing texts, wrong numbers and missing normalisation get sentences")
    func namesMissingTexts() {
        var checkpoint = Checkpoint(metadata: [CheckpointKey.epoch: "-1"])
        #expect(
            checkpointError { _ = try checkpoint.number(CheckpointKey.step) }?.description
                == "the checkpoint has no lockstep.step, so it cannot be resumed from. Start a new run with its weights "
                + "instead.")
        #expect(checkpointError { _ = try checkpoint.number(CheckpointKey.epoch) }?.problem == .damaged)
        #expect(checkpointError { _ = try checkpoint.normalization(shape: [1]) }?.problem == .missing)
        checkpoint.appendNormalization(mean: Tensor([2]), standardDeviation: Tensor([2]))
        #expect(checkpointError { _ = try checkpoint.normalization(shape: [1]) }?.problem == .mismatched)
    }
}
