import Foundation
import Optimizers
import Testing

@Suite struct OptimizerConfigurationTests {
    @Test("a plan on disk gives the same configuration back, kinds by their names", arguments: OptimizerKind.allCases)
    func roundTrips(kind: OptimizerKind) throws {
        let configuration = OptimizerConfiguration(
            kind: kind, momentum: 0.85, nesterov: false, beta1: 0.8, beta2: 0.95, epsilon: 1e-5, weightDecay: 5e-4,
            trustCoefficient: 0.02)
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(OptimizerConfiguration.self, from: data) == configuration)
        #expect(String(decoding: data, as: UTF8.self).contains("\"kind\":\"\(kind.rawValue)\""))
        #expect(OptimizerKind.allCases.map(\.rawValue) == ["sgd", "adam", "adamw", "lars"])
    }

    @Test("the defaults are the article's Adam")
    func hasTheArticlesDefaults() {
        let configuration = OptimizerConfiguration()
        #expect(configuration.kind == .adam)
        #expect((configuration.beta1, configuration.beta2, configuration.epsilon) == (0.9, 0.999, 1e-7))
        #expect((configuration.momentum, configuration.nesterov, configuration.weightDecay) == (0.9, true, 0))
        #expect(!OptimizerConfiguration(kind: .lars).nesterov)
    }

    // Guards: checkpoints of builds without LARS.
    @Test("a configuration from before there was a trust coefficient is read, and gets the default")
    func readsOlderPlans() throws {
        let older = """
            {"beta1":0.9,"beta2":0.999,"epsilon":1e-7,"kind":"sgd","momentum":0.8,"nesterov":false,"weightDecay":0.1}
            """
        let configuration = try JSONDecoder().decode(OptimizerConfiguration.self, from: Data(older.utf8))
        #expect(
            configuration == OptimizerConfiguration(kind: .sgd, momentum: 0.8, nesterov: false, weightDecay: 0.1))
        #expect(configuration.trustCoefficient == 0.001)
    }

    @Test(
        "a setting outside its range gets a sentence with the value and what to choose",
        arguments: [
            (
                OptimizerConfiguration(momentum: 1.5),
                "the momentum is 1.5; choose a number of at least 0 and below 1, such as 0.9."
            ),
            (
                OptimizerConfiguration(momentum: -0.1),
                "the momentum is -0.1; choose a number of at least 0 and below 1, such as 0.9."
            ),
            (
                OptimizerConfiguration(beta1: .nan),
                "Adam's beta1 is nan; choose a number of at least 0 and below 1, such as 0.9."
            ),
            (
                OptimizerConfiguration(beta2: 1),
                "Adam's beta2 is 1.0; choose a number of at least 0 and below 1, such as 0.999."
            ),
            (
                OptimizerConfiguration(epsilon: 0),
                "Adam's epsilon is 0.0; choose a positive number such as 1e-7."
            ),
            (
                OptimizerConfiguration(weightDecay: .infinity),
                "the weight decay is inf; choose 0 for none, or a number such as 5e-4."
            ),
            (
                OptimizerConfiguration(trustCoefficient: 0),
                "the trust coefficient is 0.0; choose a positive number such as 1e-3."
            ),
        ])
    func refusesBadSettings(configuration: OptimizerConfiguration, sentence: String) throws {
        let store = try OptimizerFixture().store
        let error = #expect(throws: OptimizerError.self) {
            try configuration.makeOptimizer(for: store)
        }
        #expect(error?.description == sentence)
    }
}
