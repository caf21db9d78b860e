package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Key;
import dev.meshwright.model.UnitId;

/**
 * What a plan would do, gathered slice by slice. Keeps what would be done, and none of
 * what was compiled.
 */
final class Forecasts implements PlanCompiler.Slices {

	private final Forecaster forecaster;

	private final Lanes lanes;

	private final SortedMap<UnitId, UnitForecast> forecasts = new TreeMap<>();

	Forecasts(Forecaster forecaster, Lanes lanes) {
		this.forecaster = forecaster;
		this.lanes = lanes;
	}

	/**
	 * Cluster by cluster side by side, so that a slow one holds up no other, and on
	 * threads of their own, since the caller's reads a snapshot.
	 * @throws CancellationException the thread was interrupted
	 */
	@Override
	public void take(Collection<Compilation> compilations, Set<Key> changed) {
		Map<String, List<Compilation>> clusters = compilations.stream()
			.collect(Collectors.groupingBy((each) -> each.unit().cluster(), TreeMap::new, Collectors.toList()));
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Callable<Map<UnitId, UnitForecast>>> calls = new ArrayList<>();
			clusters.forEach((cluster, units) -> calls
				.add(() -> this.forecaster.of(cluster, units, changed, this.lanes.to(cluster))));
			for (Future<Map<UnitId, UnitForecast>> call : threads.invokeAll(calls)) {
				this.forecasts.putAll(call.get());
			}
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex.getCause());
		}
		catch (InterruptedException ex) {
			throw (CancellationException) new CancellationException("interrupted").initCause(ex);
		}
	}

	/** Everything that was taken. */
	SortedMap<UnitId, UnitForecast> all() {
		this.forecasts.entrySet()
			.stream()
			.filter((each) -> each.getValue().deletes())
			.map((each) -> each.getKey().cluster())
			.distinct()
			.toList()
			.forEach(this::hold);
		return this.forecasts;
	}

	/**
	 * More deletions than the cluster's safety allows would wait for an operator. Those
	 * that a revision asked for already are among what is counted there, or released.
	 */
	private void hold(String cluster) {
		int fresh = this.forecasts.entrySet()
			.stream()
			.filter((each) -> each.getKey().cluster().equals(cluster))
			.mapToInt((each) -> each.getValue().freshDeletes())
			.sum();
		this.forecaster.objection(cluster, fresh)
			.ifPresent((message) -> this.forecasts.replaceAll((unit,
					forecast) -> (unit.cluster().equals(cluster) && forecast.deletes() && !isReleased(unit, forecast))
							? forecast.held(message) : forecast));
	}

	private boolean isReleased(UnitId unit, UnitForecast forecast) {
		return forecast.freshDeletes() == 0 && this.forecaster.isReleased(unit);
	}

}
