using System.Collections.Frozen;
using System.Text;

namespace Portal.Model.Dataflows.Expressions;

/// <summary>A function of the expression language.</summary>
/// <param name="Name">Name as written.</param>
/// <param name="Least">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Apply">What it does; arguments are no errors.</param>
/// <param name="TakesEmpty">Whether it looks at missing values; else one makes its result missing.</param>
internal sealed record Function(string Name, int Least, int Most, Func<ExpressionValue[], ExpressionValue> Apply, bool TakesEmpty = false);

/// <summary>The functions, and those that are known but not run, with why.</summary>
internal static class Functions
{
    private const int Many = 64;

    private static readonly Function[] All =
    [
        Unit("cToF", value => (value * 9 / 5) + 32), Unit("fToC", value => (value - 32) * 5 / 9),
        Unit("psiToBar", value => value * 0.0689476), Unit("barToPsi", value => value / 0.0689476),
        Unit("inToCm", value => value * 2.54), Unit("cmToIn", value => value / 2.54),
        Unit("ftToM", value => value * 0.3048), Unit("mToFt", value => value / 0.3048),
        Unit("lbToKg", value => value * 0.453592), Unit("kgToLb", value => value / 0.453592),
        Unit("galToL", value => value * 3.78541), Unit("lToGal", value => value / 3.78541),
        Numbers("scale", 5, values => values[2] == values[1]
            ? ExpressionValue.Error("scale needs a source range that is not empty")
            : ExpressionValue.Of(values[3] + ((values[0] - values[1]) * (values[4] - values[3]) / (values[2] - values[1])))),
        Numbers("round_n", 2, values => values[1] is >= 0 and <= 15
            ? ExpressionValue.Of(Math.Round(values[0], (int)values[1], MidpointRounding.AwayFromZero))
            : ExpressionValue.Error("round_n needs 0 to 15 decimal places")),
        Rounding("floor", Math.Floor), Rounding("ceil", Math.Ceiling), Rounding("round", value => Math.Round(value, MidpointRounding.AwayFromZero)),
        new("abs", 1, 1, Abs), new("math::abs", 1, 1, Abs),
        Unit("math::sqrt", Math.Sqrt), Unit("math::cbrt", Math.Cbrt), Unit("math::ln", Math.Log), Unit("math::log2", Math.Log2), Unit("math::log10", Math.Log10),
        Numbers("math::log", 2, values => ExpressionValue.Of(Math.Log(values[0], values[1]))),
        Unit("math::exp", Math.Exp), Unit("math::exp2", value => Math.Pow(2, value)),
        Numbers("math::pow", 2, values => ExpressionValue.Of(Math.Pow(values[0], values[1]))),
        Unit("math::cos", Math.Cos), Unit("math::sin", Math.Sin), Unit("math::tan", Math.Tan),
        Unit("math::acos", Math.Acos), Unit("math::asin", Math.Asin), Unit("math::atan", Math.Atan),
        Numbers("math::atan2", 2, values => ExpressionValue.Of(Math.Atan2(values[0], values[1]))),
        Numbers("math::hypot", 2, values => ExpressionValue.Of(Math.Sqrt((values[0] * values[0]) + (values[1] * values[1])))),
        new("len", 1, Many, Len), Texts("str::to_lowercase", text => text.ToLowerInvariant()), Texts("str::to_uppercase", text => text.ToUpperInvariant()), Texts("str::trim", text => text.Trim()),
        new("str::from", 1, 1, values => ExpressionValue.Of(values[0].ToText()), TakesEmpty: true),
        new("str::substring", 2, 3, Substring),
        new("min", 1, Many, values => Extreme("min", values, (one, best) => one < best)), new("max", 1, Many, values => Extreme("max", values, (one, best) => one > best)),
        new("contains", 2, 2, values => values[0].Kind is ExpressionKind.Tuple ? ExpressionValue.Of(values[0].Items.Contains(values[1])) : NoTuple("contains", values[0]), TakesEmpty: true),
        new("contains_any", 2, 2, ContainsAny),
        new("typeof", 1, 1, values => ExpressionValue.Of(values[0].TypeName), TakesEmpty: true),
    ];

    private static readonly FrozenDictionary<string, Function> ByName = All.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> NotRun = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["str::regex_matches"] = "data flow graphs",
        ["str::regex_replace"] = "data flow graphs",
        ["average"] = "windows of data flow graphs",
        ["sum"] = "windows of data flow graphs",
        ["count"] = "windows of data flow graphs",
        ["first"] = "windows of data flow graphs",
        ["last"] = "windows of data flow graphs",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Function? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Where a function that a dataflow cannot call may be called; null when nobody knows it.</summary>
    public static string? OnlyIn(string name) => NotRun.GetValueOrDefault(name);

    /// <summary>A function of nearly that name, for a fix.</summary>
    public static string Suggest(string name) =>
        All.Select(function => function.Name).FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase) || known.EndsWith("::" + name, StringComparison.OrdinalIgnoreCase)) is { } near
            ? $"Write {near}."
            : "Use one of the documented functions, for example round, min, if, cToF, str::trim.";

    private static Function Unit(string name, Func<double, double> apply) => Numbers(name, 1, values => ExpressionValue.Of(apply(values[0])));

    private static Function Rounding(string name, Func<double, double> apply) => new(name, 1, 1, values =>
        values[0].Kind is ExpressionKind.Int ? values[0] : values[0].IsNumber ? ExpressionValue.Whole(apply(values[0].Number)) : NoNumber(name, values[0]));

    private static Function Numbers(string name, int count, Func<double[], ExpressionValue> apply) => new(name, count, count, values =>
    {
        foreach (var value in values)
            if (!value.IsNumber)
                return NoNumber(name, value);
        return apply(Array.ConvertAll(values, value => value.Number));
    });

    private static Function Texts(string name, Func<string, string> apply) => new(name, 1, 1, values =>
        values[0].Kind is ExpressionKind.Text ? ExpressionValue.Of(apply(values[0].Text)) : ExpressionValue.Error($"{name} needs a string, not a {values[0].TypeName}"));

    private static ExpressionValue Abs(ExpressionValue[] values) => values[0] switch
    {
        { Kind: ExpressionKind.Int, Int: >= 0 } => values[0],
        { Kind: ExpressionKind.Int or ExpressionKind.Float, Number: < 0 } => Operators.Negate(values[0]),
        { Kind: ExpressionKind.Float } => values[0],
        _ => NoNumber("abs", values[0]),
    };

    private static ExpressionValue Len(ExpressionValue[] values) => values switch
    {
        { Length: > 1 } => ExpressionValue.Of((long)values.Length),
        [{ Kind: ExpressionKind.Text }] => ExpressionValue.Of((long)values[0].Text.EnumerateRunes().Count()),
        [{ Kind: ExpressionKind.Tuple }] => ExpressionValue.Of((long)values[0].Items.Length),
        _ => ExpressionValue.Error($"len needs a string or a tuple, not a {values[0].TypeName}"),
    };

    private static ExpressionValue Substring(ExpressionValue[] values)
    {
        if (values[0].Kind is not ExpressionKind.Text || values[1].Kind is not ExpressionKind.Int || (values.Length > 2 && values[2].Kind is not ExpressionKind.Int))
            return ExpressionValue.Error("str::substring needs a string and whole numbers");
        var runes = values[0].Text.EnumerateRunes().ToList();
        var (start, end) = (values[1].Int, values.Length > 2 ? values[2].Int : runes.Count);
        if (start < 0 || end > runes.Count || start > end)
            return ExpressionValue.Error("str::substring looks outside of the string");
        var text = new StringBuilder();
        foreach (var rune in runes.Skip((int)start).Take((int)(end - start)))
            text.Append(rune);
        return ExpressionValue.Of(text.ToString());
    }

    private static ExpressionValue Extreme(string name, ExpressionValue[] values, Func<double, double, bool> isBetter)
    {
        ExpressionValue? best = null;
        foreach (var value in values is [{ Kind: ExpressionKind.Tuple }] ? values[0].Items : [.. values])
        {
            if (value.IsEmpty)
                continue;
            if (!value.IsNumber)
                return NoNumber(name, value);
            if (best is not { } found || isBetter(value.Number, found.Number))
                best = value;
        }
        return best ?? ExpressionValue.Empty;
    }

    private static ExpressionValue ContainsAny(ExpressionValue[] values) =>
        values[0].Kind is not ExpressionKind.Tuple ? NoTuple("contains_any", values[0])
        : values[1].Kind is not ExpressionKind.Tuple ? NoTuple("contains_any", values[1])
        : ExpressionValue.Of(values[1].Items.Any(values[0].Items.Contains));

    private static ExpressionValue NoNumber(string name, ExpressionValue value) => ExpressionValue.Error($"{name} needs numbers, not a {value.TypeName}");

    private static ExpressionValue NoTuple(string name, ExpressionValue value) => ExpressionValue.Error($"{name} needs a tuple, not a {value.TypeName}");
}
