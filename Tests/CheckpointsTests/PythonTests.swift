import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

/// Runs only where `python3` on the search path has the `safetensors` and `numpy` packages.
@Suite(.enabled(if: PythonInterpreter.isAvailable, "python3 with safetensors and numpy is not installed"))
struct PythonTests {
    @Test("the Python package opens a checkpoint and finds the names, shapes, values and texts")
    func opens() throws {
        let directory = try TestDirectory()
        try CheckpointFixture().checkpoint().write(to: directory.file("x.safetensors"))
        let script = """
            import sys
            from safetensors import safe_open
            with safe_open(sys.argv[1], framework="numpy") as file:
                print(file.metadata()["lockstep.step"], file.metadata()["lockstep.plan"])
                print(len(list(file.keys())), file.get_tensor("units.0.conv.weight").shape)
                print(file.get_tensor("normalization.mean").reshape(-1).tolist())
            """
        let result = try PythonInterpreter.run(script, [directory.file("x.safetensors")])
        #expect(
            result.output == """
                7 {"recipe":"article"}
                16 (4, 3, 3, 3)
                [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]

                """)
    }

    @Test("a checkpoint that the Python package wrote again still has its digest")
    func survivesRewriting() throws {
        let directory = try TestDirectory()
        let (first, second) = (directory.file("a.safetensors"), directory.file("b.safetensors"))
        try CheckpointFixture().checkpoint().write(to: first)
        let script = """
            import sys
            from safetensors import safe_open
            from safetensors.numpy import save_file
            with safe_open(sys.argv[1], framework="numpy") as file:
                save_file({key: file.get_tensor(key) for key in file.keys()}, sys.argv[2], file.metadata())
            """
        #expect(try PythonInterpreter.run(script, [first, second]).status == 0)
        let (one, two) = (try Checkpoint(path: first), try Checkpoint(path: second))
        #expect(one.metadata == two.metadata && Set(one.tensors) == Set(two.tensors))
    }
}
