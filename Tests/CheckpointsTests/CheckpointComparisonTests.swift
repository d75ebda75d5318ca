import Checkpoints
import Tensors
import Testing

@Suite("Checkpoints are compared bit by bit")
struct CheckpointComparisonTests {
    private func checkpoint(_ tensors: [(String, [Float])]) -> Checkpoint {
        var checkpoint = Checkpoint()
        for (name, values) in tensors {
            checkpoint.append(NamedTensor(name: name, shape: [values.count], values: values))
        }
        return checkpoint
    }

    // Guards: equal tensors are identical, whatever texts lie beside them.
    @Test func identical() {
        let fixture = CheckpointFixture()
        let comparison = CheckpointComparison(fixture.checkpoint(step: 1), fixture.checkpoint(step: 2))
        #expect(comparison.isIdentical && comparison.sharedCount == fixture.checkpoint().tensors.count)
    }

    // Guards: how many elements differ, the largest difference and the relative norm: 0.5 and 1 on (3, 4, 0, 0).
    @Test func measuresDifferences() throws {
        let comparison = CheckpointComparison(
            checkpoint([("same", [1]), ("w", [3, 4, 0, 0])]), checkpoint([("same", [1]), ("w", [3.5, 4, 0, -1])]))
        let difference = try #require(comparison.differences.first)
        #expect(comparison.differences.count == 1 && comparison.sharedCount == 2)
        #expect(difference.name == "w" && difference.elementCount == 4 && difference.differingCount == 2)
        #expect(difference.largest == 1)
        #expect(abs(difference.relativeNorm - (1.25 / 25).squareRoot()) < 1e-12)
    }

    // Guards: what arithmetic would miss, a zero's sign and a NaN, is a difference; the same NaN on both sides is none.
    @Test func countsBits() {
        #expect(!CheckpointComparison(checkpoint([("w", [0])]), checkpoint([("w", [-0.0])])).isIdentical)
        let broken = CheckpointComparison(checkpoint([("w", [1, 5])]), checkpoint([("w", [.nan, 9])]))
        #expect(broken.differences.first?.largest.isNaN == true)
        #expect(CheckpointComparison(checkpoint([("w", [.nan])]), checkpoint([("w", [.nan])])).isIdentical)
    }

    // Guards: tensors that only one has, or that have another shape, are named.
    @Test func namesWhatDoesNotMatch() {
        let comparison = CheckpointComparison(
            checkpoint([("a", [1]), ("b", [1, 2])]), checkpoint([("b", [1]), ("c", [1])]))
        #expect(comparison.onlyInFirst == ["a"] && comparison.onlyInSecond == ["c"] && comparison.reshaped == ["b"])
        #expect(!comparison.isIdentical && comparison.sharedCount == 1)
    }

    // Guards: each part's hash sees its own tensors and no others.
    @Test(arguments: CheckpointPart.allCases) func partsHaveHashesOfTheirOwn(part: CheckpointPart) {
        let original = CheckpointFixture().checkpoint()
        let touched = [
            CheckpointPart.weights: "units.0.conv.weight", .statistics: "units.0.bn.running_mean",
            .optimizer: "optimizer.momentum.units.0.conv.weight",
        ][part]!
        var changed = Checkpoint(metadata: original.metadata)
        for tensor in original.tensors {
            var values = tensor.values
            if tensor.name == touched { values[0] = values[0].nextUp }
            changed.append(NamedTensor(name: tensor.name, shape: tensor.shape, values: values))
        }
        for other in CheckpointPart.allCases {
            #expect((original.digest(of: other) != changed.digest(of: other)) == (other == part))
        }
    }
}
