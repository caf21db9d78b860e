package dev.meshwright.reconcile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

import dev.meshwright.compile.Compiler;
import dev.meshwright.document.CanonicalJson;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Key;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.plan.PlannedFinding;
import dev.meshwright.model.plan.PlannedUnit;
import dev.meshwright.store.PlanRequest;
import dev.meshwright.store.Plans;
import dev.meshwright.store.Snapshots;

import org.springframework.stereotype.Component;

/**
 * Makes plans: compiles, compares everything with the clusters, and follows each push to
 * its end in a rehearsal. Changes nothing, anywhere.
 */
@Component
class Planning {

	private final PlanCompiler compiler;

	private final Forecaster forecaster;

	Planning(Compiler compiler, Snapshots snapshots, Plans plans, Forecaster forecaster) {
		this.compiler = new PlanCompiler(compiler, snapshots, plans);
		this.forecaster = forecaster;
	}

	/**
	 * A plan that was made now.
	 *
	 * @param compilation what it compiles to
	 * @param draft what is saved of it
	 */
	record Planned(PlanCompilation compilation, Plans.Draft draft) {
	}

	/**
	 * Makes a plan.
	 * @throws Refusal there is nothing to plan, or too much
	 */
	Planned plan(PlanRequest request, Caller caller, Lanes lanes) throws InterruptedException {
		Forecasts made = new Forecasts(this.forecaster, lanes);
		PlanCompilation compilation;
		try {
			compilation = this.compiler.compile(request, caller, made);
		}
		catch (CancellationException ex) {
			throw (InterruptedException) new InterruptedException("planning was interrupted").initCause(ex);
		}
		SortedMap<UnitId, UnitForecast> forecasts = made.all();
		List<PlannedFinding> findings = compilation.findings().stream().map(PlannedFinding::of).toList();
		List<PlannedUnit> units = forecasts.values().stream().map(UnitForecast::unit).toList();
		Map<String, Map<String, String>> objects = new TreeMap<>();
		forecasts.forEach((unit, forecast) -> objects.put(unit.toString(), forecast.evidence()));
		boolean applicable = findings.stream().noneMatch(PlannedFinding::isError)
				&& units.stream().allMatch(PlannedUnit::isKnown);
		return new Planned(compilation, new Plans.Draft(compilation.revision(), digest(request, compilation, objects),
				applicable, new Plans.Content(findings, units),
				new Plans.Evidence(compilation.reads().stream().map(Key::text).toList(), objects,
						forecasts.entrySet().stream().map((each) -> each.getValue().allowed(each.getKey())).toList())));
	}

	private static String digest(PlanRequest request, PlanCompilation compilation,
			Map<String, Map<String, String>> objects) {
		Map<String, Object> all = new LinkedHashMap<>();
		all.put("request", request.json());
		compilation.generations().forEach((id, generation) -> all.put("read " + id, generation));
		all.put("objects", objects);
		return CanonicalJson.sha256(all);
	}

}
