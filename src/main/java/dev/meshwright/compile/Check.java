package dev.meshwright.compile;

import java.util.List;

/** One group of checks on a service that needs no cluster. Holds no state. */
interface Check {

	/** All of them; the order has no meaning. */
	List<Check> ALL = List.of(new ServiceChecks(), new PortChecks(), new VersionChecks(), new ReferenceChecks(),
			new ExternalChecks(), new ExposureChecks(), new RoutingChecks(), new RuleOrderChecks(),
			new FailoverChecks(), new OverrideChecks(), new CallChainChecks(), new DependentChecks(),
			new EgressChecks(), new ObjectNameChecks(), new LeaseChecks());

	/** Reports everything that is wrong. */
	void check(ServiceSubject subject, Findings findings);

}
