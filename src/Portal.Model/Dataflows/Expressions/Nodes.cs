using System.Collections.Immutable;

namespace Portal.Model.Dataflows.Expressions;

/// <summary>One piece of a formula.</summary>
internal abstract class Node
{
    public abstract ExpressionValue Evaluate(ReadOnlySpan<ExpressionValue> inputs);
}

internal sealed class ConstantNode(ExpressionValue value) : Node
{
    public override ExpressionValue Evaluate(ReadOnlySpan<ExpressionValue> inputs) => value;
}

internal sealed class InputNode(int index) : Node
{
    public override ExpressionValue Evaluate(ReadOnlySpan<ExpressionValue> inputs) => inputs[index];
}

internal sealed class UnaryNode(Func<ExpressionValue, ExpressionValue> apply, Node operand) : Node
{
    public override ExpressionValue Evaluate(ReadOnlySpan<ExpressionValue> inputs)
    {
        var value = operand.Evaluate(inputs);
        return value.IsError || value.IsEmpty ? value : apply(value);
    }
}

internal sealed class BinaryNode(Func<ExpressionValue, ExpressionValue, ExpressionValue> apply, bool takesEmpty, Node left, Node right) : Node
{
    public override ExpressionValue Evaluate(ReadOnlySpan<ExpressionValue> inputs)
    {
        var first = left.Evaluate(inputs);
        if (first.IsError)
            return first;
        var second = right.Evaluate(inputs);
        if (second.IsError)
            return second;
        return !takesEmpty && (first.IsEmpty || second.IsEmpty) ? ExpressionValue.Empty : apply(first, second);
    }
}

/// <summary><c>&amp;&amp;</c> and <c>||</c>: the right side counts only when the left one does not decide.</summary>
internal sealed class LogicNode(bool isAnd, Node left, Node right) : Node
{
    public override ExpressionValue Evaluate(ReadOnlySpan<ExpressionValue> inputs)
    {
        var first = left.Evaluate(inputs);
        if (Check(first) is { } wrong)
            return wrong;
        if (!first.IsEmpty && first.IsTrue != isAnd)
            return first;
        var second = right.Evaluate(inputs);
        if (Check(second) is { } alsoWrong)
            return alsoWrong;
        if (!second.IsEmpty && second.IsTrue != isAnd)
            return second;
        return first.IsEmpty ? first : second;
    }

    private ExpressionValue? Check(ExpressionValue value) =>
        value.IsError ? value
        : value.Kind is ExpressionKind.Boolean or ExpressionKind.Empty ? null
        : ExpressionValue.Error($"{(isAnd ? "&&" : "||")} needs true or false, not a {value.TypeName}");
}

internal sealed class TupleNode(ImmutableArray<Node> items) : Node
{
    public override ExpressionValue Evaluate(ReadOnlySpan<ExpressionValue> inputs)
    {
        var values = ImmutableArray.CreateBuilder<ExpressionValue>(items.Length);
        foreach (var item in items)
        {
            var value = item.Evaluate(inputs);
            if (value.IsError)
                return value;
            values.Add(value);
        }
        return ExpressionValue.Of(values.MoveToImmutable());
    }
}

/// <summary><c>if(condition, then, else)</c>: only the branch taken is evaluated.</summary>
internal sealed class IfNode(Node condition, Node then, Node otherwise) : Node
{
    public override ExpressionValue Evaluate(ReadOnlySpan<ExpressionValue> inputs)
    {
        var value = condition.Evaluate(inputs);
        return value.Kind switch
        {
            ExpressionKind.Boolean => (value.IsTrue ? then : otherwise).Evaluate(inputs),
            ExpressionKind.Empty or ExpressionKind.Error => value,
            _ => ExpressionValue.Error($"if needs true or false as its condition, not a {value.TypeName}"),
        };
    }
}

internal sealed class CallNode(Function function, ImmutableArray<Node> arguments) : Node
{
    public override ExpressionValue Evaluate(ReadOnlySpan<ExpressionValue> inputs)
    {
        var values = new ExpressionValue[arguments.Length];
        for (var at = 0; at < values.Length; at++)
        {
            values[at] = arguments[at].Evaluate(inputs);
            if (values[at].IsError)
                return values[at];
            if (values[at].IsEmpty && !function.TakesEmpty)
                return ExpressionValue.Empty;
        }
        return function.Apply(values);
    }
}
