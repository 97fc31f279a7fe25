namespace Portal.Model.Dataflows.Expressions;

/// <summary>What the operators do. Missing values and errors do not come here unless an operator looks at them.</summary>
internal static class Operators
{
    public static ExpressionValue Negate(ExpressionValue value) => value.Kind switch
    {
        ExpressionKind.Int when value.Int != long.MinValue => ExpressionValue.Of(-value.Int),
        ExpressionKind.Int or ExpressionKind.Float => ExpressionValue.Of(-value.Number),
        _ => Wrong("-", value),
    };

    public static ExpressionValue Not(ExpressionValue value) =>
        value.Kind is ExpressionKind.Boolean ? ExpressionValue.Of(!value.IsTrue) : ExpressionValue.Error($"! needs true or false, not a {value.TypeName}");

    public static ExpressionValue Power(ExpressionValue left, ExpressionValue right)
    {
        if (NotNumbers("^", left, right) is { } wrong)
            return wrong;
        var result = Math.Pow(left.Number, right.Number);
        return left.Kind is ExpressionKind.Int && right.Kind is ExpressionKind.Int && right.Int >= 0 && Math.Abs(result) < 9_007_199_254_740_992
            ? ExpressionValue.Of((long)result)
            : ExpressionValue.Of(result);
    }

    public static ExpressionValue Multiply(ExpressionValue left, ExpressionValue right) => NotNumbers("*", left, right)
        ?? (AreInts(left, right) && Math.BigMul(left.Int, right.Int) is var product && product >= long.MinValue && product <= long.MaxValue
            ? ExpressionValue.Of((long)product)
            : ExpressionValue.Of(left.Number * right.Number));

    public static ExpressionValue Divide(ExpressionValue left, ExpressionValue right) => NotNumbers("/", left, right)
        ?? (right.Number == 0 ? ExpressionValue.Error("division by zero")
            : AreInts(left, right) && !(left.Int == long.MinValue && right.Int == -1) ? ExpressionValue.Of(left.Int / right.Int)
            : ExpressionValue.Of(left.Number / right.Number));

    public static ExpressionValue Modulo(ExpressionValue left, ExpressionValue right) => NotNumbers("%", left, right)
        ?? (right.Number == 0 ? ExpressionValue.Error("division by zero")
            : AreInts(left, right) ? ExpressionValue.Of(right.Int == -1 ? 0 : left.Int % right.Int)
            : ExpressionValue.Of(left.Number % right.Number));

    public static ExpressionValue Add(ExpressionValue left, ExpressionValue right)
    {
        if ((left.Kind is ExpressionKind.Text || right.Kind is ExpressionKind.Text) && IsPlain(left) && IsPlain(right))
            return ExpressionValue.Of(left.ToText() + right.ToText());
        if (NotNumbers("+", left, right) is { } wrong)
            return wrong;
        return AreInts(left, right) && (Int128)left.Int + right.Int is var sum && sum >= long.MinValue && sum <= long.MaxValue
            ? ExpressionValue.Of((long)sum)
            : ExpressionValue.Of(left.Number + right.Number);
    }

    public static ExpressionValue Subtract(ExpressionValue left, ExpressionValue right) => NotNumbers("-", left, right)
        ?? (AreInts(left, right) && (Int128)left.Int - right.Int is var difference && difference >= long.MinValue && difference <= long.MaxValue
            ? ExpressionValue.Of((long)difference)
            : ExpressionValue.Of(left.Number - right.Number));

    public static ExpressionValue Equal(ExpressionValue left, ExpressionValue right) => ExpressionValue.Of(left.Equals(right));

    public static ExpressionValue NotEqual(ExpressionValue left, ExpressionValue right) => ExpressionValue.Of(!left.Equals(right));

    public static ExpressionValue Less(ExpressionValue left, ExpressionValue right) => Compare("<", left, right, order => order < 0);

    public static ExpressionValue Greater(ExpressionValue left, ExpressionValue right) => Compare(">", left, right, order => order > 0);

    public static ExpressionValue LessOrEqual(ExpressionValue left, ExpressionValue right) => Compare("<=", left, right, order => order <= 0);

    public static ExpressionValue GreaterOrEqual(ExpressionValue left, ExpressionValue right) => Compare(">=", left, right, order => order >= 0);

    private static ExpressionValue Compare(string name, ExpressionValue left, ExpressionValue right, Func<int, bool> holds)
    {
        if (AreInts(left, right))
            return ExpressionValue.Of(holds(left.Int.CompareTo(right.Int)));
        if (left.IsNumber && right.IsNumber)
            // Nothing is less or greater than NaN.
            return ExpressionValue.Of(!double.IsNaN(left.Number) && !double.IsNaN(right.Number) && holds(left.Number.CompareTo(right.Number)));
        if (left.Kind is ExpressionKind.Text && right.Kind is ExpressionKind.Text)
            return ExpressionValue.Of(holds(string.CompareOrdinal(left.Text, right.Text)));
        if (left.Kind is ExpressionKind.Boolean && right.Kind is ExpressionKind.Boolean)
            return ExpressionValue.Of(holds(left.IsTrue.CompareTo(right.IsTrue)));
        return ExpressionValue.Error($"{name} cannot compare a {left.TypeName} with a {right.TypeName}");
    }

    private static bool AreInts(ExpressionValue left, ExpressionValue right) => left.Kind is ExpressionKind.Int && right.Kind is ExpressionKind.Int;

    private static bool IsPlain(ExpressionValue value) => value.Kind is ExpressionKind.Text or ExpressionKind.Int or ExpressionKind.Float or ExpressionKind.Boolean;

    private static ExpressionValue? NotNumbers(string name, ExpressionValue left, ExpressionValue right) =>
        !left.IsNumber ? Wrong(name, left) : !right.IsNumber ? Wrong(name, right) : null;

    private static ExpressionValue Wrong(string name, ExpressionValue value) => ExpressionValue.Error($"{name} needs numbers, not a {value.TypeName}");
}
