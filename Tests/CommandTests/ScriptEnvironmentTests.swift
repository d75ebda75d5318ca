import Foundation
import TestSupport
import Testing

@Suite("Scripts do not trust the environment")
struct ScriptEnvironmentTests {
    /// Copies the scripts to `$1`, into a directory whose name has a dash, a space, a colon and a byte that is no UTF-8,
    /// sets what login shells and people set, and runs the script `$3` there with the words behind.
    private static let driver = #"""
        tools=$1 here=$1/$'-a b:\xff' scripts=$2 name=$3
        shift 3
        mkdir -p -- "$here" && cp -R -- "$scripts" "$here/scripts" || exit 99
        printf '%s\n' 'echo BASH_ENV was read' 'IFS=/' 'set -f' 'shopt -s nullglob failglob' \
            'cd() { builtin cd "$@" && echo moved; }' >"$tools/env"
        printf '%s\n' '#!/bin/sh' '[ -f "$3/scripts/train" ] || exit 98' \
            'case $* in *--show-bin-path) echo "$3/bin" ;; esac' >"$tools/swift"
        cd -- "$here" && mkdir bin && printf '%s\n' '#!/bin/sh' 'echo "lockstep $*"' >bin/lockstep
        chmod +x "$tools/swift" bin/lockstep scripts/slurm.sbatch
        printf '%s\n' 'localhost slots=2' >-hosts
        mkdir wrong && : >wrong/test_batch.bin && tar -czf ./c:ifar.tar.gz wrong && rm -r wrong || exit 97
        export PATH=$tools:$PATH BASH_ENV=$tools/env ENV=$tools/env CDPATH=.:scripts:/ GREP_OPTIONS=--color=always \
            TAR_OPTIONS=--verbose LC_ALL=C.UTF-8 LOCKSTEP_RESTART_PAUSE=0 SLURM_JOB_ID=1
        # Python may itself be started by a shell script, which is not ours.
        case $(head -n 1 "scripts/$name") in *python*) unset BASH_ENV ;; esac
        # Under POSIXLY_CORRECT no shell reads BASH_ENV, so each has its turn. What is read back has to be text, but colours would show.
        env ${POSIX:+POSIXLY_CORRECT=1} "scripts/$name" "$@" 2>&1 | LC_ALL=C tr -cd '\n\33 -~'
        code=${PIPESTATUS[0]}
        echo "left: $(ls -A | tr '\n' ' ')"
        exit "$code"
        """#

    /// The harmless form of every script: its words, code, and what it says.
    private static let forms: [(script: String, words: [String], code: Int32?, says: String)] = [
        (
            "train", ["--ranks", "1", "--data", "synthetic", "--lr=1"], 0,
            "lockstep train --data synthetic --lr=1\n"
        ),
        (
            "keep-running",
            ["--restarts", "1", "--output", "-r/", "--", "bash", "-c", #"echo "<$*>"; [ "$4" = 2 ] || exit 137"#]
                + ["stub", "--hostfile", "-hosts", "-np", "9", "train"],
            0, "-np 2 train --output ./-r>\n"
        ),
        ("answering-hosts", ["-hosts"], 0, " slots=2\n"),
        (
            "fetch-cifar10", ["--archive", "c:ifar.tar.gz", "--directory", "-data"], 1,
            "the files in './c:ifar.tar.gz' are not the official ones"
        ),
        ("fetch-cifar10", ["--archive=c:ifar.tar.gz"], 1, "are not the official ones"),
        ("install-dependencies", [], 0, "left: "),
        ("slurm.sbatch", ["--epochs", "1"], 2, "LOCKSTEP_LAUNCHER is mpirun or srun"),
        ("test", ["--help"], 0, "scripts/test: checks everything\n"),
        ("lab/test-hosts", ["hostfile"], 2, "no hosts of the name 'default' are up"),
        ("lab/test-slurm", ["run", "true"], 2, "'run' takes a command behind '--'"),
        ("benchmarks/benchmark-networks", ["--help"], 0, "usage: benchmark-networks"),
        ("benchmarks/benchmark-peers", ["--help"], 0, "usage: benchmark-peers"),
        ("benchmarks/benchmark-scaling", ["--help"], 0, "usage: benchmark-scaling"),
        ("benchmarks/compare-accuracy", ["--help"], 0, "usage: compare-accuracy"),
        ("benchmarks/compare-batches", ["--help"], 0, "usage: compare-batches"),
        // Without PyTorch, which needs no more to be here, it says so.
        ("benchmarks/compare-with-pytorch", ["--help"], nil, "compare-with-pytorch"),
    ]

    // Guards: CDPATH, BASH_ENV, POSIXLY_CORRECT, options for grep and tar in the environment, and paths with spaces, dashes,
    // colons and bytes that are no text change nothing of what a script does, and no stray file is left.
    @Test(arguments: forms.indices, [false, true]) func hostileEnvironment(index: Int, isStrict: Bool) throws {
        let form = Self.forms[index]
        let directory = try TestDirectory()
        let settings = ["LOCKSTEP_LAUNCHER=none"] + (isStrict ? ["POSIX=1"] : [])
        let launch = try Launch.run(
            ["env"] + settings + ["bash", "-c", Self.driver, "driver", directory.path, Launch.root + "/scripts"]
                + [form.script] + form.words)
        let said = launch.output
        #expect(launch.exitCode == form.code ?? launch.exitCode, "\(form.script): \(said)")
        #expect(!said.contains("Traceback"), "\(said)")
        #expect(said.contains(form.says), "\(form.script): \(said)")
        #expect(!said.contains("BASH_ENV was read") && !said.contains("moved\n") && !said.contains("\u{1B}"), "\(said)")
        let made = ["keep-running": "", "fetch-cifar10": form.words.count > 1 ? "-data " : "data "][form.script] ?? ""
        let left = "-hosts bin c:ifar.tar.gz scripts " + made
        let names = launch.output.components(separatedBy: "left: ").last?.split(whereSeparator: \.isWhitespace).sorted()
        #expect(names == left.split(separator: " ").sorted(), "\(said)")
    }

    // Guards this table: no script is left out.
    @Test func everyScriptIsTried() throws {
        let directory = Launch.root + "/scripts"
        let programs = try FileManager.default.subpathsOfDirectory(atPath: directory).filter {
            let path = directory + "/" + $0
            return !$0.hasSuffix(".py") && (try? String(contentsOfFile: path, encoding: .utf8))?.hasPrefix("#!") == true
        }
        #expect(Set(programs) == Set(Self.forms.map(\.script)))
    }
}
