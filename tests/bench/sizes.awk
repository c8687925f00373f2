# sizes.awk - draws lines of "JOB PROGRAM BYTES MS KIB" as SVG: time and memory over the size of the
# file, both on logarithmic axes, for encrypt and decrypt.

function log10(n) { return log(n) / log(10) }
function x(bytes) { return left + (log(bytes) / log(2) - 10) / 22 * 330 }
function y(value) { return top + 230 - (log10(value) - floor) / decades * 230 }

function frame(title, low, high, unit,   n, bytes, names, i) {
    floor = log10(low)
    decades = log10(high) - floor
    printf "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n", left, top - 10, title
    split("1 KiB,32 KiB,1 MiB,32 MiB,1 GiB", names, ",")
    for (i = 1; i <= 5; i++) {
        bytes = 2 ^ (5 + 5 * i)
        printf "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#dddddd\"/>\n", x(bytes), top, x(bytes), top + 230
        printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x(bytes), top + 246, names[i]
    }
    for (n = low; n <= high * 1.001; n *= 10) {
        printf "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n", left, y(n), left + 330, y(n)
        printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", left - 6, y(n) + 4,
               (unit == "ms" && n >= 1000 ? n / 1000 " s" : n " " unit)
    }
}

function curve(job, column, program, unit,   i, path, at) {
    for (i = 1; i <= n_sizes; i++) {
        at = value[job, program, sizes[i], column]
        if (at == "")
            continue
        path = path sprintf(" %.1f,%.1f", x(sizes[i]), y(at / unit))
        printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>\n", x(sizes[i]), y(at / unit), colour[program]
    }
    printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>\n", path, colour[program],
           (program == "bulla" ? 3 : 1.5)
}

BEGIN {
    n_colours = split("bulla #b00020 cp #9e9e9e age #2e7d32 gpg #ef6c00 sqop #1565c0 rsop #6a1b9a gosop #00838f", words, " ")
    for (i = 1; i < n_colours; i += 2)
        colour[words[i]] = words[i + 1]
}

{
    if (!($3 in seen))
        sizes[++n_sizes] = $3
    if (!($2 in known))
        programs[++n_programs] = $2
    seen[$3] = known[$2] = 1
    value[$1, $2, $3, "ms"] = $4
    value[$1, $2, $3, "kib"] = $5
}

END {
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"880\" height=\"680\" font-family=\"sans-serif\" font-size=\"12\">"
    print "<rect width=\"880\" height=\"680\" fill=\"#ffffff\"/>"
    for (i = 1; i <= n_programs; i++)
        printf "<text x=\"%d\" y=\"24\" fill=\"%s\" font-weight=\"bold\">%s</text>\n", 70 + 70 * (i - 1), colour[programs[i]], programs[i]
    for (row = 0; row < 2; row++) {
        job = row == 0 ? "encrypt" : "decrypt"
        top = 70 + row * 310
        left = 70
        frame(job ": time of the whole process", 0.1, 100000, "ms")
        for (i = 1; i <= n_programs; i++)
            curve(job, "ms", programs[i], 1)
        left = 510
        frame(job ": most memory", 1, 10000, "MiB")
        for (i = 1; i <= n_programs; i++)
            curve(job, "kib", programs[i], 1024)
    }
    print "</svg>"
}
