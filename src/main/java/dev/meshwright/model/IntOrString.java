package dev.meshwright.model;

/**
 * A number or a text where Kubernetes takes either: a port's number or name, a count or a
 * percentage.
 *
 * @param text the value as text
 * @param numeric whether it was declared as a number
 */
public record IntOrString(String text, boolean numeric) {

	public static IntOrString of(int number) {
		return new IntOrString(Integer.toString(number), true);
	}

	public static IntOrString of(String text) {
		return new IntOrString(text, false);
	}

	/** An Integer or a String: what an object's body holds. */
	public Object value() {
		return this.numeric ? (Object) Integer.valueOf(this.text) : this.text;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
