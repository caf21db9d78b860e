package dev.meshwright.api;

import java.util.Map;

import dev.meshwright.access.Requires;
import dev.meshwright.model.Permission;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers what fails before or after Spring MVC, such as a request that a filter refuses,
 * with a problem detail too.
 */
@RestController
@Hidden
class ContainerErrors implements ErrorController {

	@RequestMapping("/error")
	@Requires(Permission.ADMINISTER)
	ResponseEntity<Object> error(HttpServletRequest request) {
		Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
		HttpStatus status = (code instanceof Integer number)
				? java.util.Objects.requireNonNullElse(HttpStatus.resolve(number), HttpStatus.INTERNAL_SERVER_ERROR)
				: HttpStatus.NOT_FOUND;
		String message = switch (status) {
			case BAD_REQUEST -> "The path, the method or a header is not one that this server takes; paths have no"
					+ " '//', '..', ';' and no escaped '/', '%' or control characters";
			case HttpStatus known when known.is5xxServerError() ->
				"Something went wrong inside Meshwright; its log says what";
			default -> "The request is refused: " + status.getReasonPhrase();
		};
		return Problem.of(status, status.name(), message).response(Map.of());
	}

}
