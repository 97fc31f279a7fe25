namespace Portal.Model.Dataflows.Expressions;

/// <summary>Why an expression cannot be used.</summary>
/// <param name="Code">Stable code, for example <c>expression-unsupported</c>.</param>
/// <param name="Column">Where in the expression, from 1.</param>
/// <param name="Message">What is wrong, in one sentence, with the construct's name.</param>
/// <param name="Fix">What to write.</param>
public sealed record ExpressionProblem(string Code, int Column, string Message, string Fix);

/// <summary>
/// A formula of a dataflow transformation: numbers, texts, <c>$1</c> and following, operators
/// <c>! - ^ * / % + &lt; &gt; &lt;= &gt;= == != &amp;&amp; ||</c>, tuples, <c>()</c> for a missing value, and functions.
/// Source: the expressions reference of Azure IoT Operations (as of 2026-06).
/// </summary>
/// <remarks>
/// With a missing operand an operator or function gives a missing value; <c>== != if typeof contains str::from</c> look at it.
/// Whole numbers that do not fit into 64 bits become floating point numbers. What the types do not allow, and a division by
/// zero, is an error value, which makes the message untranslatable.
/// </remarks>
public sealed class Expression
{
    /// <summary>Longest expression that is read.</summary>
    public const int MostCharacters = 4000;

    private readonly Node _root;

    private Expression(string text, Node root)
    {
        Source = text;
        _root = root;
    }

    /// <summary>The formula as written.</summary>
    public string Source { get; }

    /// <summary>Reads a formula; null with a problem when it is not one that this portal runs.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="inputs">How many inputs there are: <c>$1</c> to <c>$inputs</c>.</param>
    /// <param name="problem">Why there is none.</param>
    public static Expression? Parse(string text, int inputs, out ExpressionProblem? problem)
    {
        problem = null;
        try
        {
            return new Expression(text, new ExpressionParser(text, inputs).Parse());
        }
        catch (ExpressionException wrong)
        {
            problem = wrong.Problem;
            return null;
        }
    }

    /// <summary>The value for the inputs of one message. Never throws.</summary>
    public ExpressionValue Evaluate(ReadOnlySpan<ExpressionValue> inputs) => _root.Evaluate(inputs);

    public override string ToString() => Source;
}

/// <summary>Ends reading at the first problem; never leaves this folder.</summary>
internal sealed class ExpressionException(ExpressionProblem problem) : Exception(problem.Message)
{
    public ExpressionProblem Problem { get; } = problem;
}
