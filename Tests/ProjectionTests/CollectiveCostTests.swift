import Projection
import Testing

@Suite("What operations cost on a network")
struct CollectiveCostTests {
    private static let network = NetworkModel(name: "", latency: 10, secondsPerByte: 0.5, secondsPerMessage: 3)

    // Guards: the formulas of the article about the model, worked out by hand.
    @Test func formulas() {
        let four = CollectiveCost(Self.network, ranks: 4)
        // 100 + 200 + 300 bytes reach the rank with the smallest section; the one with the largest sends 3 × 300.
        #expect(four.allGather([0, 100, 200, 300]) == TransferTime(latency: 16, transfer: 450))
        #expect(four.allGather([50, 50, 50, 50]) == TransferTime(latency: 16, transfer: 75))
        #expect(four.allToAll(busiestRankBytes: 80) == TransferTime(latency: 16, transfer: 40))
        #expect(four.sum(bytes: 8) == TransferTime(latency: 40, transfer: 16))
        #expect(CollectiveCost(Self.network, ranks: 5).sum(bytes: 8).latency == 60)
        #expect(CollectiveCost(Self.network, ranks: 2).sum(bytes: 8).latency == 20)
    }

    // Guards: a single rank sends nothing.
    @Test func singleRank() {
        let alone = CollectiveCost(Self.network, ranks: 1)
        #expect(alone.allGather([100]) == .none && alone.sum(bytes: 8) == .none)
        #expect(alone.allToAll(busiestRankBytes: 0) == .none)
    }

    // Guards: measurements that follow the model are told back as that model, its time of a further message included,
    // from three ranks on; with two a further message costs a whole latency.
    @Test(arguments: [2, 3, 5])
    func reportRecoversTheModel(ranks: Int) throws {
        let truth = NetworkModel(
            name: "", latency: 20e-6, secondsPerByte: 1e-9, secondsPerMessage: ranks == 2 ? 20e-6 : 2e-6)
        let timings = [8, 512, 32768, 1 << 21].flatMap { size in
            NetworkOperation.allCases.flatMap { operation in
                (operation == .pingPong ? Array(1..<ranks) : [0]).map { peer in
                    let bytes = operation.bytes(near: size, ranks: ranks)
                    return NetworkTiming(
                        operation: operation, peer: operation == .pingPong ? peer : nil, bytes: bytes,
                        seconds: operation.modelled(bytes: bytes, truth, ranks: ranks).total)
                }
            }
        }
        let report = try NetworkReport(hosts: Array(repeating: "host", count: ranks), timings: timings)
        #expect(abs(report.model.latency / truth.latency - 1) < 1e-6)
        #expect(abs(report.model.secondsPerByte / truth.secondsPerByte - 1) < 1e-6)
        #expect(abs(report.model.secondsPerMessage / truth.secondsPerMessage - 1) < 0.01)
        #expect(report.fitByPeer.count == ranks - 1)
        #expect(timings.allSatisfy { abs(report.error(of: $0)) < 0.01 })
    }
}
