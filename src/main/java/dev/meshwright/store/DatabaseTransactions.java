package dev.meshwright.store;

import java.sql.SQLException;

import javax.sql.DataSource;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;

/**
 * Says that a transaction could not begin or end as what it is, a failure of the
 * database: whoever calls the store has one kind of failure to think of.
 */
@Component
class DatabaseTransactions extends JdbcTransactionManager {

	private static final long serialVersionUID = 1L;

	DatabaseTransactions(DataSource dataSource) {
		super(dataSource);
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		try {
			super.doBegin(transaction, definition);
		}
		catch (CannotCreateTransactionException ex) {
			throw new DataAccessResourceFailureException("The database gives no connection: " + ex.getMessage(), ex);
		}
	}

	@Override
	protected RuntimeException translateException(String task, SQLException ex) {
		RuntimeException translated = super.translateException(task, ex);
		return (translated instanceof DataAccessException) ? translated
				: new DataAccessResourceFailureException(task + " failed: " + ex.getMessage(), ex);
	}

}
