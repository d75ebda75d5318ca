import Foundation
import Optimizers
import Testing

@Suite struct OptimizerConfigurationTests {
    private static let unusual: [OptimizerConfiguration] = [
        OptimizerConfiguration(StochasticGradientDescent(momentum: 0.85, nesterov: false), weightDecay: 5e-4),
        OptimizerConfiguration(Adam(beta1: 0.8, beta2: 0.95, epsilon: 1e-5), weightDecay: 5e-4),
        OptimizerConfiguration(Adam(beta1: 0.8, beta2: 0.95, epsilon: 1e-5, isDecoupled: true), weightDecay: 5e-4),
        OptimizerConfiguration(LARS(momentum: 0.85, nesterov: true, trustCoefficient: 0.02), weightDecay: 5e-4),
    ]

    // Guards: a setting that is not written, or read into another, changes a run that goes on.
    @Test("a plan on disk gives the same configuration back", arguments: unusual)
    func roundTrips(configuration: OptimizerConfiguration) throws {
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(OptimizerConfiguration.self, from: data) == configuration)
        #expect(String(decoding: data, as: UTF8.self).contains("\"kind\":\"\(configuration.kind.rawValue)\""))
        #expect(configuration != OptimizerConfiguration(kind: configuration.kind, weightDecay: 5e-4))
        #expect(Self.unusual.map(\.kind) == OptimizerKind.allCases)
    }

    @Test("the defaults are the article's Adam")
    func hasTheArticlesDefaults() throws {
        let configuration = OptimizerConfiguration()
        #expect(configuration.rule.isEqual(to: Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-7)))
        #expect(configuration.weightDecay == 0)
        #expect(OptimizerKind.sgd.rule.isEqual(to: StochasticGradientDescent(momentum: 0.9, nesterov: true)))
        #expect(OptimizerKind.lars.rule.isEqual(to: LARS(momentum: 0.9, nesterov: false, trustCoefficient: 0.001)))
    }

    // Guards: checkpoints of builds that stored the settings of all kinds in every plan.
    @Test("a configuration that holds settings of other kinds is read")
    func readsOlderPlans() throws {
        func read(_ kind: OptimizerKind) throws -> OptimizerConfiguration {
            let older = """
                {"beta1":0.8,"beta2":0.95,"epsilon":1e-5,"kind":"\(kind.rawValue)","momentum":0.8,"nesterov":true,\
                "trustCoefficient":0.02,"weightDecay":0.1}
                """
            return try JSONDecoder().decode(OptimizerConfiguration.self, from: Data(older.utf8))
        }
        #expect(try read(.sgd) == OptimizerConfiguration(StochasticGradientDescent(momentum: 0.8), weightDecay: 0.1))
        #expect(
            try read(.lars)
                == OptimizerConfiguration(
                    LARS(momentum: 0.8, nesterov: true, trustCoefficient: 0.02), weightDecay: 0.1))
        for kind in [OptimizerKind.adam, .adamw] {
            let rule = Adam(beta1: 0.8, beta2: 0.95, epsilon: 1e-5, isDecoupled: kind == .adamw)
            #expect(try read(kind) == OptimizerConfiguration(rule, weightDecay: 0.1))
        }
    }

    // Guards: options; each acts on the rule that has it, and on no other.
    @Test("settings are set by their names, and another kind has its own")
    func setsByName() {
        var configuration = OptimizerConfiguration(kind: .lars, weightDecay: 0.1)
        configuration["trustCoefficient"] = .number(0.02)
        configuration["nesterov"] = .toggle(true)
        configuration["beta1"] = .number(0.5)
        configuration["momentum"] = .toggle(true)
        #expect(configuration == OptimizerConfiguration(LARS(nesterov: true, trustCoefficient: 0.02), weightDecay: 0.1))
        configuration.kind = .lars
        #expect(configuration["trustCoefficient"] == .number(0.02) && configuration["beta1"] == nil)
        configuration.kind = .sgd
        #expect(configuration == OptimizerConfiguration(kind: .sgd, weightDecay: 0.1))
    }

    // Guards: the options and help pages that follow from the settings.
    @Test("every setting is described once, with the kinds that have it")
    func describesSettings() {
        let all = OptimizerSetting.all
        #expect(
            all.map(\.optionName) == ["momentum", "nesterov", "beta1", "beta2", "epsilon", "trust-coefficient"])
        #expect(
            all.map(\.optionHelp) == [
                "sgd, lars: share of the velocity that is kept",
                "sgd, lars: Nesterov's form of momentum; with lars off unless given",
                "adam, adamw: decay of the mean gradient", "adam, adamw: decay of the mean square",
                "adam, adamw: added to the root's denominator",
                "lars: share of its norm that a weight tensor moves by at a rate of 1",
            ])
        #expect(all.map { "\($0.defaultValue)" } == ["0.9", "on", "0.9", "0.999", "1e-07", "0.001"])
    }

    @Test(
        "a setting outside its range gets a sentence with the value and what to choose",
        arguments: [
            (
                OptimizerConfiguration(StochasticGradientDescent(momentum: 1.5)),
                "the momentum is 1.5; choose a number of at least 0 and below 1, such as 0.9."
            ),
            (
                OptimizerConfiguration(LARS(momentum: -0.1)),
                "the momentum is -0.1; choose a number of at least 0 and below 1, such as 0.9."
            ),
            (
                OptimizerConfiguration(Adam(beta1: .nan)),
                "Adam's beta1 is nan; choose a number of at least 0 and below 1, such as 0.9."
            ),
            (
                OptimizerConfiguration(Adam(beta2: 1)),
                "Adam's beta2 is 1.0; choose a number of at least 0 and below 1, such as 0.999."
            ),
            (
                OptimizerConfiguration(Adam(epsilon: 0)),
                "Adam's epsilon is 0.0; choose a positive number such as 1e-7."
            ),
            (
                OptimizerConfiguration(Adam(epsilon: 1e-40)),
                "Adam's epsilon is 1e-40; choose a positive number such as 1e-7."
            ),
            (
                OptimizerConfiguration(weightDecay: .infinity),
                "the weight decay is inf; choose 0 for none, or a number such as 5e-4."
            ),
            (
                OptimizerConfiguration(LARS(trustCoefficient: 0)),
                "the trust coefficient is 0.0; choose a positive number such as 1e-3."
            ),
        ])
    func refusesBadSettings(configuration: OptimizerConfiguration, sentence: String) throws {
        let store = try OptimizerFixture().store
        let error = #expect(throws: OptimizerError.self) { try Optimizer(configuration, for: store) }
        #expect(error?.description == sentence)
    }
}
