using Portal.Model.Validation;

namespace Portal.Model.Documents.Import.Bicep;

/// <summary>The tokens of a file with a look ahead, and what is said of them.</summary>
internal abstract class BicepTokens(string text, Func<BicepToken> read, Func<int> end, ReadingBudget budget, List<Finding> findings)
{
    private readonly List<BicepToken> ahead = [];
    private int passedEnd;

    protected BicepToken Current => Peek(0);

    protected BicepToken Peek(int distance)
    {
        while (ahead.Count <= distance)
            ahead.Add(read());
        return ahead[distance];
    }

    protected BicepToken Take()
    {
        var token = Current;
        ahead.RemoveAt(0);
        passedEnd = ahead.Count > 0 ? ahead[0].Start : end();
        return token;
    }

    protected bool TakeIf(string symbol)
    {
        if (!Current.Is(symbol))
            return false;
        Take();
        return true;
    }

    protected void SkipNewLines()
    {
        while (Current.Kind is BicepTokenKind.NewLine)
            Take();
    }

    protected void Report(string code, Severity severity, string message, string? fix, int line, int column)
    {
        if (findings.Count < ReadingBudget.MostFindings)
            findings.Add(new Finding(code, severity, "", message, fix) { Line = line, Column = column });
    }

    protected void SyntaxError(string message, BicepToken at) =>
        Report("bicep-syntax", Severity.Error, message, "Check quotes, colons and brackets of this line and the one above.", at.Line, at.Column);

    /// <summary>Passes everything up to the end of the line, with the brackets that open in it.</summary>
    protected void SkipLine()
    {
        var open = 0;
        while (Current.Kind is not BicepTokenKind.End && (open > 0 || Current.Kind is not BicepTokenKind.NewLine))
        {
            if (open == 0 && Current.Kind is BicepTokenKind.Symbol && Current.Value is "}" or "]" or ")")
                return;
            var token = Take();
            if (token.Kind is BicepTokenKind.Symbol)
                open += token.Value is "{" or "[" or "(" ? 1 : token.Value is "}" or "]" or ")" ? -1 : 0;
        }
    }

    protected string TextFrom(BicepToken start) => text[Math.Min(start.Start, text.Length)..Math.Clamp(passedEnd, Math.Min(start.Start, text.Length), Math.Min(text.Length, start.Start + 200))].TrimEnd();

    protected string Source => text;

    protected ReadingBudget Budget => budget;

    protected List<Finding> Findings => findings;
}
