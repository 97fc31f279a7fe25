namespace Portal.Components.Layout;

/// <summary>The icon set: 16 px boxes (kinds 20 px), stroke only, in the colour of the text around them.</summary>
/// <remarks>Each value is SVG content for a 24 px view box, so that it serves both MudIcon and <see cref="Shared.Icon"/>.</remarks>
public static class PortalIcons
{
    public static string Activity { get; } = Box16("<path d='M2.4 9A5.8 5.8 0 1 0 3.6 4.4M2.6 2.4v2.8h2.8M8 5v3.2l2.2 1.3'/>");
    public static string Certificate { get; } = Box16("<circle cx='8' cy='6.4' r='4'/><path d='m5.8 9.8-.9 4.2L8 12.4l3.1 1.6-.9-4.2'/>");
    public static string ChevronLeft { get; } = Box16("<path d='m10 4-4 4 4 4'/>");
    public static string Close { get; } = Box16("<path d='m4 4 8 8M12 4l-8 8'/>");
    public static string Cluster { get; } = Box16("<path d='M8 1.8 13.4 5v6L8 14.2 2.6 11V5z'/><path d='M8 8v6M8 8 2.8 5.1M8 8l5.2-2.9'/>");
    public static string Code { get; } = Box16("<path d='M5.4 4 1.8 8l3.6 4M10.6 4l3.6 4-3.6 4'/>");
    public static string Columns { get; } = Box16("<rect x='2' y='3' width='12' height='10' rx='1'/><path d='M6 3v10M10 3v10'/>");
    public static string Copy { get; } = Box16("<rect x='5.5' y='5.5' width='8' height='8' rx='1.5'/><path d='M10.5 5.5V3.6a1 1 0 0 0-1-1H3.6a1 1 0 0 0-1 1v5.9a1 1 0 0 0 1 1h1.9'/>");
    public static string Down { get; } = Box16("<path d='m4 6 4 4 4-4'/>");
    public static string Download { get; } = Box16("<path d='M8 2.5v7M5 6.8l3 3 3-3M3 13.2h10'/>");
    public static string Duplicate { get; } = Box16("<rect x='5.5' y='5.5' width='8' height='8' rx='1.5'/><path d='M10.5 5.5V3.6a1 1 0 0 0-1-1H3.6a1 1 0 0 0-1 1v5.9a1 1 0 0 0 1 1h1.9M9.5 7.6v3.8M7.6 9.5h3.8'/>");
    public static string Endpoint { get; } = Box16("<circle cx='4' cy='8' r='2.2'/><circle cx='12' cy='8' r='2.2'/><path d='M6.2 8h3.6M4 5.8V2.6M12 10.2v3.2'/>");
    public static string External { get; } = Box16("<path d='M9 2.6h4.4V7M13.2 2.8 7.6 8.4M11.6 9v3.4a1 1 0 0 1-1 1H3.6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1H7'/>");
    public static string Eye { get; } = Box16("<path d='M1.6 8S4 3.8 8 3.8 14.4 8 14.4 8 12 12.2 8 12.2 1.6 8 1.6 8z'/><circle cx='8' cy='8' r='1.9'/>");
    public static string File { get; } = Box16("<path d='M4 1.8h5l3 3v9.4H4z'/><path d='M9 1.8v3h3'/>");
    public static string Filter { get; } = Box16("<path d='M2 3.5h12M4.5 8h7M6.8 12.5h2.4'/>");
    public static string Profile { get; } = Box16("<rect x='2.5' y='2.5' width='11' height='4' rx='1'/><rect x='2.5' y='9.5' width='11' height='4' rx='1'/><path d='M5 4.5h.01M5 11.5h.01'/>");
    public static string Flow { get; } = Box16("<rect x='1.5' y='5.5' width='4' height='5' rx='1'/><rect x='10.5' y='5.5' width='4' height='5' rx='1'/><path d='M5.5 8h5M8.8 6.3 10.5 8 8.8 9.7'/>");
    public static string Folder { get; } = Box16("<path d='M1.8 4.4a1 1 0 0 1 1-1h3.4l1.4 1.6h5.6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H2.8a1 1 0 0 1-1-1z'/>");
    public static string Function { get; } = Box16("<path d='M3 4h6M3 8h10M3 12h4'/>");
    public static string Import { get; } = Box16("<path d='M8 2v7.6M5 6.8 8 9.8l3-3M2.5 10.6v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2'/>");
    public static string Key { get; } = Box16("<circle cx='5' cy='11' r='2.8'/><path d='m7 9 6.4-6.4M10.4 5.6l2 2'/>");
    public static string KindEventGrid { get; } = Box20("<circle cx='5' cy='5' r='1.9'/><circle cx='15' cy='5' r='1.9'/><circle cx='5' cy='15' r='1.9'/><circle cx='15' cy='15' r='1.9'/><path d='M6.9 5h6.2M5 6.9v6.2M15 6.9v6.2M6.9 15h6.2M8 10h4'/>");
    public static string KindEventHubs { get; } = Box20("<path d='M2.5 5h4.2l3.6 4M2.5 10h6.7M2.5 15h4.2l3.6-4'/><circle cx='11.6' cy='10' r='2.4'/><path d='M14 10h3.5'/>");
    public static string KindKafka { get; } = Box20("<rect x='3' y='3.6' width='14' height='3.4' rx='1'/><rect x='3' y='8.3' width='14' height='3.4' rx='1'/><rect x='3' y='13' width='14' height='3.4' rx='1'/><path d='M7.6 3.6V7M12.4 8.3v3.4M9.4 13v3.4'/>");
    public static string KindLocalMqtt { get; } = Box20("<path d='M3.4 9.2 10 3.6l6.6 5.6V16a1 1 0 0 1-1 1H4.4a1 1 0 0 1-1-1z'/><path d='M7 12.4a4.3 4.3 0 0 1 6 0M10 14.6h.01'/>");
    public static string KindMqtt { get; } = Box20("<circle cx='10' cy='10' r='1.7'/><path d='M6.7 13.3a4.7 4.7 0 0 1 0-6.6M13.3 6.7a4.7 4.7 0 0 1 0 6.6M4 16a8.5 8.5 0 0 1 0-12M16 4a8.5 8.5 0 0 1 0 12'/>");
    public static string Lock { get; } = Box16("<rect x='3.2' y='7' width='9.6' height='6.5' rx='1.2'/><path d='M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2'/>");
    public static string Menu { get; } = Box16("<path d='M2.5 4.5h11M2.5 8h11M2.5 11.5h11'/>");
    public static string Minus { get; } = Box16("<path d='M3.5 8h9'/>");
    public static string Moon { get; } = Box16("<path d='M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z'/>");
    public static string More { get; } = Box16("<path d='M3.5 8h.01M8 8h.01M12.5 8h.01' stroke-width='2'/>");
    public static string Overview { get; } = Box16("<rect x='2' y='2' width='5' height='6' rx='1'/><rect x='9' y='2' width='5' height='3.6' rx='1'/><rect x='2' y='10.4' width='5' height='3.6' rx='1'/><rect x='9' y='8' width='5' height='6' rx='1'/>");
    public static string Pause { get; } = Box16("<path d='M5.5 3.5v9M10.5 3.5v9' stroke-width='2'/>");
    public static string Play { get; } = Box16("<path d='M5 3.2v9.6L12.6 8z'/>");
    public static string Plus { get; } = Box16("<path d='M8 3v10M3 8h10'/>");
    public static string Question { get; } = Box16("<circle cx='8' cy='8' r='6.2'/><path d='M6.2 6.3a1.9 1.9 0 1 1 2.6 1.9c-.5.2-.8.6-.8 1.2M8 11.4h.01'/>");
    public static string Refresh { get; } = Box16("<path d='M13.4 8a5.4 5.4 0 1 1-1.6-3.8M13.6 2.2v2.9h-2.9'/>");
    public static string Right { get; } = Box16("<path d='m6 4 4 4-4 4'/>");
    public static string Screen { get; } = Box16("<rect x='2' y='2.8' width='12' height='8.4' rx='1'/><path d='M5.6 13.6h4.8M8 11.2v2.4'/>");
    public static string Search { get; } = Box16("<circle cx='7' cy='7' r='4.5'/><path d='m10.4 10.4 3.2 3.2'/>");
    public static string Send { get; } = Box16("<path d='M14 2 7 9M14 2 9.6 14 7 9 2 6.4z'/>");
    public static string StateDraft { get; } = Box16("<path d='m3 13 .6-2.8L10.8 3l2.2 2.2-7.2 7.2z'/>");
    public static string StateError { get; } = Box16("<path d='M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z'/><path d='m6 6 4 4M10 6l-4 4'/>");
    public static string StateIdle { get; } = Box16("<circle cx='8' cy='8' r='5.6'/>");
    public static string StateInfo { get; } = Box16("<circle cx='8' cy='8' r='6.2'/><path d='M8 7.4v3.4M8 5.2h.01'/>");
    public static string StateOk { get; } = Box16("<circle cx='8' cy='8' r='6.2'/><path d='m5.2 8.2 2 2 3.6-4.2'/>");
    public static string StateSkipped { get; } = Box16("<circle cx='8' cy='8' r='5.8' stroke-dasharray='2.2 2.35'/><path d='M5.8 8h4.4'/>");
    public static string StateWarning { get; } = Box16("<path d='M8 2.2 14.2 13H1.8z'/><path d='M8 6.4v3M8 11.2h.01'/>");
    public static string Stop { get; } = Box16("<rect x='4' y='4' width='8' height='8' rx='1'/>");
    public static string Sun { get; } = Box16("<circle cx='8' cy='8' r='2.8'/><path d='M8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2M3.5 3.5l.8.8M11.7 11.7l.8.8M12.5 3.5l-.8.8M4.3 11.7l-.8.8'/>");
    public static string Test { get; } = Box16("<path d='M8.8 1.8 3.4 9h4l-.6 5.2L12.6 7h-4z'/>");
    public static string Tick { get; } = Box16("<path d='m3.2 8.4 3.2 3.2 6.4-7'/>");
    public static string Traffic { get; } = Box16("<path d='M1.5 8.5h2.6l1.7-5 3 9 2-6 1 2h2.7'/>");
    public static string Trash { get; } = Box16("<path d='M2.8 4.2h10.4M6 4.2V2.6h4v1.6M4.2 4.2l.6 9h6.4l.6-9M6.7 7v3.6M9.3 7v3.6'/>");
    public static string Undo { get; } = Box16("<path d='M3 6.4h6.4a3.6 3.6 0 0 1 0 7.2H6M5.8 3.4 2.8 6.4l3 3'/>");
    public static string Up { get; } = Box16("<path d='m4.5 9.5 3.5-3.5 3.5 3.5'/>");
    public static string UpDown { get; } = Box16("<path d='m5 6 3-3 3 3M5 10l3 3 3-3'/>");
    public static string Upload { get; } = Box16("<path d='M8 10V3M5 5.8l3-3 3 3M3 13.2h10'/>");

    private static string Box16(string shapes) => Box(16, shapes);

    private static string Box20(string shapes) => Box(20, shapes);

    private static string Box(int size, string shapes) =>
        $"<svg viewBox='0 0 {size} {size}' width='24' height='24' fill='none' stroke='currentColor' stroke-width='1.5' stroke-linecap='round' stroke-linejoin='round'>{shapes}</svg>";
}
