package dev.meshwright.store;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/**
 * Gives bulk work a third of the application's connections: enough to keep two processors
 * and their disk busy, while requests and what is urgent have the rest.
 */
@Component
class ConnectionShares implements BeanPostProcessor {

	private static final int SHARE = 3;

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean instanceof HikariDataSource pool)
				? new SharedConnections(pool, Math.max(1, pool.getMaximumPoolSize() / SHARE)) : bean;
	}

}
