# What people read, in Danish. Problems have a title and a detail that says what to do; faults name one place.

problem-malformed-json = Indholdet er ikke gyldig JSON
    .detail = Ret fejlen på det angivne sted, og send igen.
problem-malformed-request = Forespørgslen kan ikke læses
    .detail = Ret det angivne sted, og send igen.
problem-invalid-token-request = Anmodningen om et token er ikke gyldig
    .detail = Send grant_type=client_credentials med klientens id og hemmelighed som formularfelter eller i Basic-hovedet.
problem-not-authenticated = Du er ikke logget ind
    .detail = Log ind, og send dit adgangstoken i Authorization-hovedet: Bearer efterfulgt af tokenet.
problem-invalid-token = Adgangstokenet gælder ikke
    .detail = Det er udløbet, trukket tilbage eller ikke udstedt her. Hent et nyt med dit refresh-token, eller log ind igen.
problem-invalid-credentials = Log-in mislykkedes
    .detail = Oplysningerne passer ikke sammen. Kontrollér dem, og prøv igen, eller bed en administrator om hjælp.
problem-own-password-required = Vælg din egen adgangskode
    .detail = Du har brugt en engangskode. Log ind igen med den i password og den adgangskode, du vælger, i new_password.
problem-forbidden = Det har du ikke ret til
    .detail = Din rolle giver ikke adgang til handlingen. Bed den, der har rollen, eller en administrator om hjælp.
problem-not-holder = Kun aftaleholderen kan gøre det
    .detail = Bed enhedens leder om at gøre det.
problem-not-your-step = Afsnittet venter ikke på dig
    .detail = Se under waiting_for, hvem der skal afgøre det.
problem-own-unit = Du kan ikke afgøre din egen enheds aftale
    .detail = Ingen afgør en aftale for en enhed, som de selv leder eller træder i lederens sted for. Stedfortræderen eller sidste instans afgør den.
problem-edited-revision = Du kan ikke afgøre en udgave, du selv har redigeret
    .detail = En anden i godkendelsesvejen skal afgøre den.
problem-not-signatory = Du skal ikke underskrive denne aftale
    .detail = Se under signatures, hvem der underskriver.
problem-not-party = Du kan ikke svare på dette tilsagn
    .detail = Lederen af den enhed, der er spurgt, svarer.
problem-filled-by-coordinator = Afsnittet udfyldes af koordinatoren
    .detail = Bed koordinatoren om at rette det.
problem-not-found = Findes ikke
    .detail = Der er ikke noget med dette id, eller du har ikke adgang til det. Kontrollér adressen.
problem-unknown-path = Adressen findes ikke
    .detail = Adresserne står på /docs/.
problem-method-not-allowed = Metoden kan ikke bruges her
    .detail = Brug en af metoderne i Allow-hovedet: { $allow }.
problem-illegal-move = Det kan ikke gøres i denne tilstand
    .detail = 
        Tilstanden er { $state ->
            [draft] kladde
            [submitted] indsendt
            [approved] godkendt
            [returned] sendt tilbage
            [omitted] udeladt
            [in_review] til godkendelse
            [in_force] i kraft
            [closed] lukket
            [withdrawn] trukket tilbage
            [superseded] afløst
            [planned] planlagt
            [open] åben
            [consultation] i høring
            [published] offentliggjort
            [proposed] foreslået
            [confirmed] bekræftet
            [declined] afslået
            [fulfilled] opfyldt
            [lapsed] bortfaldet
           *[other] { $state }
        }. Se under available_actions, hvad der kan gøres nu.
problem-not-ready = Der er mangler, som skal rettes først
    .detail = Ret alle de angivne mangler, og prøv igen.
    .counted =
        { $count ->
            [one] Der er én mangel, som skal rettes først
           *[other] Der er { $count } mangler, som skal rettes først
        }
problem-already-decided = Du har allerede truffet afgørelsen
    .detail = Der er ikke mere at gøre på dette trin.
problem-no-approver = Ingen kan godkende afsnittet
    .detail = Der er ingen på godkendelsesvejen, som ikke er inhabil. Bed koordinatoren om at udpege en sidste instans.
problem-already-signed = Du har allerede underskrevet
    .detail = Der er ikke mere at gøre.
problem-unanswered-comment = En kommentar mangler svar
    .detail = En godkender har stillet et spørgsmål, der skal besvares, før afsnittet kan godkendes.
problem-already-exists = Findes allerede
    .detail = Der er allerede noget med de samme nøgler. Hent det, og ret det i stedet.
problem-id-in-use = Id'et er i brug
    .detail = Det hører til noget andet. Lav et nyt id, eller udelad det.
problem-in-use = Det er i brug
    .detail = Noget andet henviser til det. Afslut eller fjern det, der henviser, først.
problem-managed-elsewhere = Styres af et andet system
    .detail = Ret det dér, hvor det styres: managed_by siger hvor.
problem-stale-source = Der findes en nyere ændring
    .detail = Den gemte ændring er nyere end den, du sender. Send kildens nyeste udgave.
problem-confirmed-commitment = Tilsagnet er bekræftet
    .detail = Et bekræftet tilsagn kan ikke udelades af kladden. Træk det tilbage i stedet.
problem-no-template = Nogle enheder har ingen entydig skabelon
    .detail = Ret skabelonernes applies_to, så præcis én er den snævreste for hver af de angivne enheder.
problem-stale-version = Ændret i mellemtiden
    .detail = Hent den nyeste udgave, gentag din ændring i den, og send den med dens ETag.
problem-too-large = Indholdet er for stort
    .detail = Højst { $limit } bytes kan modtages. Del det op.
problem-unsupported-content-coding = Indholdet er komprimeret
    .detail = Send det uden Content-Encoding.
problem-unsupported-media-type = Forkert indholdstype
    .detail = Send { $expected } i Content-Type.
problem-invalid-body = Indholdet følger ikke reglerne
    .detail = Ret de angivne steder, og send igen.
problem-invalid-parameter = En parameter er ikke gyldig
    .detail = Ret de angivne parametre, og send igen.
problem-unknown-reference = Der henvises til noget, der ikke findes
    .detail = Kontrollér de angivne id'er.
problem-idempotency-key-reused = Nøglen er brugt til noget andet
    .detail = Brug en ny Idempotency-Key til hver ny handling.
problem-precondition-required = If-Match mangler
    .detail = Hent ressourcen, og send dens ETag i If-Match, så ingen overskriver en andens ændring.
problem-too-many-requests = For mange forespørgsler
    .detail = Vent { $seconds } sekunder, og prøv igen.
problem-internal = Der skete en fejl på serveren
    .detail = Intet er gemt. Prøv igen; oplys request_id, hvis det gentager sig.
problem-method-not-implemented = Serveren kender ikke metoden
    .detail = Brug GET, HEAD, POST, PUT, PATCH eller DELETE, med store bogstaver.
problem-database-unavailable = Databasen svarer ikke
    .detail = Intet er gemt. Prøv igen om lidt.
problem-busy = Serveren har for travlt
    .detail = Intet er gemt. Prøv igen om lidt.
fault-not-utf8 = Indholdet er ikke UTF-8.
fault-json-syntax = Syntaksfejl i linje { $line }, tegn { $column }.
fault-too-deep = Indholdet er indlejret dybere end { $max } niveauer.
fault-unknown-field = Feltet { $name } findes ikke.
fault-required = Feltet skal udfyldes.
fault-duplicate-field = Feltet { $name } står der to gange.
fault-unknown-value = Værdien kendes ikke. Den kan være: { $choices }.
expected-value = { $expected ->
    [object] Skriv et objekt: { "{" } … { "}" }.
    [list] Skriv en liste: [ … ].
    [boolean] Skriv true eller false.
    [number] Skriv et tal som 58.5, med højst 6 decimaler og 15 cifre.
    [integer] Skriv et helt tal som 2015.
    [text] Skriv en tekst i anførselstegn.
    [id] Skriv et id (UUID) som 01931f2e-7c00-7000-8000-000000000001.
    [date] Skriv en dato som 2014-11-10.
    [instant] Skriv et tidspunkt med tidszone som 2014-11-10T08:00:00Z.
    [person] Skriv en persons id (UUID) eller me.
   *[other] Dokumentationen siger, hvad den kan være.
    }
fault-wrong-type = Værdien har en forkert type. { expected-value }
fault-invalid-value = Værdien er ikke gyldig. { expected-value }
fault-not-a-date = En dato skrives som 2015-12-31 og ligger i årene 0001 til 9999.
fault-not-a-time = Et tidspunkt skrives som 2015-12-31T08:00:00Z og ligger i årene 0001 til 9999 (UTC).
fault-length = Længden skal være mellem { $min } og { $max }.
fault-too-long = Højst { $max } tegn eller elementer.
fault-too-short = Mindst { $min } tegn eller elementer.
fault-out-of-range = Værdien ligger uden for det tilladte ({ $min } – { $max }).
fault-not-an-email = Det er ikke en e-mailadresse som navn@kommune.dk.
fault-not-a-key = Nøgler skrives med små bogstaver, tal, bindestreg og understreg.
fault-not-a-cvr = Et CVR-nummer har 8 cifre.
fault-not-a-p-number = Et P-nummer har 10 cifre.
fault-not-a-number = Skriv et tal som 58.5, med højst 6 decimaler og 15 cifre.
fault-period-backwards = Perioden slutter, før den begynder.
fault-period-too-long = Perioden er for lang; den må højst vare 10 år.
fault-validities-overlap = To perioder dækker den samme dag.
fault-no-validity = Mindst én periode skal angives.
fault-duplicate-key = Nøglen står der to gange.
fault-unknown-time-zone = Tidszonen kendes ikke; brug et IANA-navn som Europe/Copenhagen.
fault-unknown-language = Sproget kendes ikke; brug da eller en.
fault-too-large = Objektet er for stort; højst 16 KiB.
fault-one-of-two = Angiv præcis ét af de to.
fault-no-proposer = Præcis én part skal være den, der foreslår.
fault-unknown-heading = Overskriften findes ikke i brevet.
fault-blank = Teksten er tom.
fault-not-ahead = Tidspunktet er passeret. Vælg et senere, eller udelad det.
fault-choose-municipality = Her er flere kommuner. Angiv id'et på din; GET /api/v1/auth-methods viser dem.
fault-has-password = Du har din egen adgangskode. Skift den under PUT /api/v1/me/password, når du er logget ind.
fault-same-as-code = Vælg en anden adgangskode end engangskoden.
fault-guessable-password = Adgangskoden er for let at gætte. Brug flere ord, der ikke er navne, adresser, årstal eller almindelige adgangskoder.
fault-weak-password = Adgangskoden skal have mindst 12 tegn.
fault-control-character = Teksten indeholder et styretegn.
fault-identity-taken = Identiteten hører til en anden person.
fault-parent-below = Enheden ville ligge under sig selv fra den { $day }.
fault-outside-unit-life = Enheden findes ikke den { $day }. En udpegning gælder kun på dage, hvor enheden findes.
fault-appointments-outside = Udpegninger i enheden ({ $count }) gælder også på dage, hvor enheden så ikke findes, den første den { $day }. Afslut eller flyt dem først.
fault-unknown-id = Id'et findes ikke.
fault-not-an-etag = Det er ikke en ETag. Den står i anførselstegn, som i svaret: "3.9f86d081884c7d65".
fault-names-no-version = * siger ikke, hvilken udgave der er set. Send ETag'en fra den udgave, ændringen bygger på.
fault-unknown-parameter = Parameteren findes ikke her.
fault-not-a-boolean = Værdien skal være true eller false.
fault-not-a-limit = Værdien skal være mellem 1 og 200.
fault-not-a-cursor = Markøren kendes ikke; brug next_cursor fra forrige side.
month-1 = januar
month-2 = februar
month-3 = marts
month-4 = april
month-5 = maj
month-6 = juni
month-7 = juli
month-8 = august
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december

## agreements and workflow
fault-field-missing = »{ $field }« skal udfyldes i afsnittet »{ $section }«.
fault-field-advised = Det anbefales at udfylde »{ $field }« i afsnittet »{ $section }«.
fault-goal-missing = Det anbefales at sætte mindst ét mål i afsnittet »{ $section }«.
fault-goal-not-judged = Mål { $number } i afsnittet »{ $section }«, »{ $goal }«: det anbefales, at det får en indikator, eller at det står, hvordan effekten vurderes.
fault-too-many-goals = Der er { $count } mål i afsnittet »{ $section }«; få mål anbefales, højst { $max }.
fault-partner-missing = Det anbefales at nævne en samarbejdspartner i afsnittet »{ $section }«.
fault-partner-unconfirmed = Tilsagn { $number } i afsnittet »{ $section }«, »{ $commitment }«: { $count ->
        [one] en samarbejdspartner
       *[other] { $count } samarbejdspartnere
    } har endnu ikke bekræftet det.
fault-not-applicable-refused = Afsnittet »{ $section }« kan ikke erklæres uden relevans.
fault-stale-section = Afsnittet er ændret i mellemtiden; den gemte udgave er nummer { $version }.
fault-id-in-use = Id'et hører til noget andet.
fault-confirmed-left-out = Et bekræftet tilsagn kan ikke udelades; træk det tilbage i stedet.
history-system = Systemet
history-on-behalf-of = Det skete på vegne af { $name }.
history-times = Det skete { $count } gange i træk.
history-other = { $who } foretog en ændring.
history-agreement-created = { $who } oprettede aftalen.
history-agreement-updated = { $who } rettede aftalens stamoplysninger.
history-agreement-shared = { $who } delte udkastet.
history-agreement-submitted = { $who } indsendte aftalen.
history-agreement-recalled = { $who } trak indsendelsen tilbage.
history-agreement-returned = Aftalen er returneret.
history-agreement-approved = Alle afsnit er godkendt; aftalen er godkendt.
history-agreement-changed = Aftalens tilstand ændrede sig.
history-agreement-signed = { $who } underskrev aftalen.
history-agreement-in-force = Alle har underskrevet; aftalen er i kraft.
history-section-edited = { $who } skrev i afsnittet »{ $section }«.
history-section-submitted = { $who } indsendte afsnittet »{ $section }« (udgave { $revision }).
history-section-omitted = Afsnittet »{ $section }« blev udeladt, for ingen havde skrevet i det.
history-section-recalled = { $who } trak afsnittet »{ $section }« tilbage.
history-section-endorsed = { $who } sagde god for afsnittet »{ $section }« på sit trin.
history-section-approved = { $who } godkendte afsnittet »{ $section }« (udgave { $revision }).
history-section-returned = { $who } returnerede afsnittet »{ $section }« (udgave { $revision }).
history-section-reopened = { $who } genåbnede afsnittet »{ $section }«.
history-commitment-proposed = { $who } foreslog et tilsagn i afsnittet »{ $section }«.
history-commitment-revised = { $who } ændrede et tilsagn i afsnittet »{ $section }«.
history-commitment-confirmed = { $who } bekræftede et tilsagn i afsnittet »{ $section }«.
history-commitment-declined = { $who } afslog et tilsagn i afsnittet »{ $section }«.
history-commitment-withdrawn = { $who } trak et tilsagn tilbage i afsnittet »{ $section }«.
history-goal-created = { $who } satte et mål i afsnittet »{ $section }«.
history-goal-updated = { $who } ændrede et mål i afsnittet »{ $section }«.
history-goal-deleted = { $who } slettede et mål i afsnittet »{ $section }«.
history-indicator-created = { $who } tilføjede en indikator i afsnittet »{ $section }«.
history-indicator-updated = { $who } ændrede en indikator i afsnittet »{ $section }«.
history-indicator-deleted = { $who } slettede en indikator i afsnittet »{ $section }«.
history-comment-created = { $who } kommenterede afsnittet »{ $section }«.
history-comment-updated = { $who } rettede en kommentar til afsnittet »{ $section }«.
history-comment-resolved = { $who } afsluttede en kommentar til afsnittet »{ $section }«.
task-write = Skriv og indsend { $agreement }
    .why = Du er aftaleholder, og aftalen er ikke indsendt.
task-answer-return = Ret »{ $section }« i { $agreement }, og indsend igen
    .why = Afsnittet er returneret til dig med en begrundelse.
task-review = Gennemse »{ $section }« i { $agreement }
    .why = Trinnet venter på dig.
    .why-again = Trinnet venter på dig igen: du har returneret afsnittet før, og dette er udgave { $revision }.
task-approve = Godkend »{ $section }« i { $agreement }
    .why = Afsnittet venter på din afgørelse.
    .why-again = Afsnittet venter på din afgørelse igen: du har returneret det før, og dette er udgave { $revision }.
task-sign = Underskriv { $agreement }
    .why = Alle afsnit er godkendt, og du er underskriver.
task-confirm-commitment = Svar på tilsagnet »{ $section }« i { $agreement }
    .why = Din enhed er nævnt som partner.
task-answer-comment = Besvar kommentaren til »{ $section }« i { $agreement }
    .why = En godkender har bedt om svar, og ingen har svaret endnu.
## cli
problem-request-timeout = Indholdet kom for langsomt
    .detail = Serveren venter højst 30 sekunder på en forespørgsels indhold. Send den igen, når forbindelsen er bedre.
## commitments
fault-duplicate-partner = Parten står der to gange.
fault-partner-own-unit = En enhed i aftalen kan ikke være part over for sig selv. Vælg en anden enhed.
## log-in and administration
problem-not-appointed = Du har ingen udnævnelse
    .detail = Dit log-in virker, men du er ikke udnævnt til noget i dag, og så er der ikke noget, du må læse. Bed en administrator eller koordinatoren om en udnævnelse.
problem-own-log-in = Du kan ikke lukke dit eget log-in
    .detail = Bed en anden administrator om at gøre det, så der altid er en administrator tilbage.
problem-too-many-secrets = Klienten har for mange hemmeligheder
    .detail = En klient kan højst have { $max }. Slet en, der ikke længere bruges, og prøv igen.
fault-wrong-password = Den nuværende adgangskode er forkert.
fault-reserved-source = Kilden local er forbeholdt det, som personer retter her i systemet. Vælg et andet navn.
## letters
fault-no-heading = Brevet mangler en overskrift.
fault-no-theme = Brevet mangler et tema.
fault-heading-in-use = Der står temaer under overskriften { $key }. Flyt eller slet dem først.
fault-theme-without-owner = Temaet »{ $theme }« har ingen ansvarlig direktør. Indtil det får en, afgør kommunaldirektøren dets afsnit.

## templates
unit-kind = { $kind ->
    [directorate] direktion
    [centre] center
    [institution] institution
    [staff] stab
   *[other] anden enhed
    }
fault-no-section = Skabelonen mangler et afsnit.
fault-unknown-theme = Temaet findes ikke i strategibrevet.
fault-no-choices = Feltet skal have mindst én valgmulighed.
fault-route-does-not-approve = Godkendelsesvejen skal slutte med et trin, der godkender.
fault-duplicate-kind = Enhedstypen { unit-kind } er nævnt to gange; kun den første ville gælde.
fault-no-route = Enhedstypen { unit-kind } mangler en godkendelsesvej.
fault-no-signatories = Enhedstypen { unit-kind } mangler underskrivere.
fault-holder-does-not-sign = Aftaleholderen skal være blandt underskriverne.

## cycles
fault-deadlines-out-of-order = Fristerne skal ligge i rækkefølge: indsend, godkend, underskriv.
fault-letter-not-published = Strategibrevet er ikke udgivet. Udgiv det først.
fault-template-not-published = Skabelonen er ikke udgivet. Udgiv den først.
fault-no-templates = Vælg mindst én skabelon.
fault-no-units = Der er ingen enheder i aftaleårets omfang.
outcome-agreement-made = Enheden får en aftale efter skabelonen { $template }.
outcome-holds-no-agreement = Enheden får ingen aftale, fordi den ikke skal have nogen (holds_agreement). Ret enheden, hvis den skal.
outcome-excepted = Enheden får ingen aftale, fordi aftaleåret undtager den.
fault-no-template-applies = Ingen af skabelonerne gælder for { $unit }.
fault-templates-tied = To skabeloner gælder lige snævert for { $unit }.

## goals
fault-list-full = Listen er fuld; den rummer højst { $max }.
fault-unknown-key = Nøglen findes ikke i aftalen.

## organisation and events
problem-own-appointment = Du kan ikke ændre din egen udnævnelse
    .detail = Ingen udnævner sig selv, heller ikke som stedfortræder. Bed en anden, der må give rollen, om at gøre det.
problem-gives-roles = Den, der giver roller, afgør ikke
    .detail = Koordinatorer og administratorer bestemmer, hvem der afgør. De afgør derfor ikke selv, hvad de ellers er udnævnt til. En anden skal gøre det.
fault-managed-elsewhere = Det hører til et andet system end dit.
problem-role-given-locally = Rollen gives lokalt
    .detail = Et andet system kan kun give rollerne leader og contributor. Bed en administrator eller koordinatoren om at give de andre.
problem-role-given-by-administrator = Kun en administrator giver rollen
    .detail = Koordinatoren giver, ændrer og afslutter rollerne leader, contributor, works_council, user_board og reader. Bed en administrator om de andre.
fault-not-a-sequence = Markøren er ikke et begivenhedsnummer herfra.
## comments
problem-comment-answered = Kommentaren er besvaret eller afsluttet
    .detail = Ordene bliver stående. Skriv en ny kommentar i stedet.
fault-not-first-in-thread = Det gælder trådens første kommentar og kan ikke sættes på et svar.
fault-not-a-pointer = Stedet angives som en JSON Pointer, der begynder med /.

page-problems = Alle slags afslag
fault-refused-item = Denne del kan ikke gøres.

## effects
problem-has-observations = Der er noteret observationer
    .detail = Det, der er observeret på, kan hverken slettes eller måles på en anden måde. Slet observationerne først, eller lad det stå.
fault-has-observations = Der er noteret observationer af det. Slet dem først, eller lad det stå, som det er.
fault-target-is-baseline = Målværdien er den samme som udgangspunktet. Vælg en anden målværdi, eller vælg retningen keep.
fault-target-against-direction = Målværdien ligger den forkerte vej fra udgangspunktet. Ret målværdien eller retningen.
fault-target-before-baseline = Målværdiens dato skal ligge efter udgangspunktets dato.
fault-negative-tolerance = Tolerancen kan ikke være negativ.
fault-not-measured = En måling har hverken vurdering eller skala. Skriv dem i en vurdering (kind assessment).
fault-value-or-text = Skriv en tekst eller en værdi.
fault-ratio-in-parts = Indikatoren er en andel. Angiv tæller (numerator) og nævner (denominator), ikke value.
fault-no-ratio = Det er ikke målingen af en andel. Angiv value, ikke tæller og nævner.
fault-zero-denominator = Nævneren skal være større end 0.
fault-in-future = Datoen ligger i fremtiden. Vælg i dag eller en tidligere dag.
warning-small-n = Observationen er om færre end { $limit }. Andre end dem, der ser enhedens kladder, ser ikke værdien.
warning-outside-period = Datoen ligger uden for aftalens periode.
judgement = { $reading ->
    [achieved] målet er nået
    [on_track] på vej
    [off_track] ikke på vej
   *[too_early] for tidligt at sige
    }
reading-no-measurement = Der er ingen målinger endnu.
reading-suppressed = Målingerne er om så få, at værdierne ikke vises.
reading-no-target = Målingen { $day } er { $value }, men der er ingen målværdi.
reading-target-date = Målingen { $day } er { $value } mod målværdien { $expected }, og datoen er nået.
reading-reached-early = Målingen { $day } er { $value }. Målværdien { $expected } er nået før tid.
reading-no-baseline = Målingen { $day } er { $value }, men der er intet udgangspunkt at regne fra.
reading-first-quarter = Målingen { $day } er { $value }. Under en fjerdedel af tiden er gået.
reading-pace = Målingen { $day } er { $value } mod forventet { $expected }.
reading-judgement = { $kind ->
    [citizen_voice] Borgerne
   *[other] Vurderingen
    } { $day } siger: { judgement }.
reading-too-old = { $kind ->
    [measurement] Målingen
    [citizen_voice] Borgernes ord
   *[other] Vurderingen
    } { $day } er over et halvt år ældre end den nyeste observation og tæller ikke med.
history-observation-created = { $who } noterede en observation af et mål i afsnittet »{ $section }«.
history-observation-updated = { $who } rettede en observation af et mål i afsnittet »{ $section }«.
history-observation-deleted = { $who } slettede en observation af et mål i afsnittet »{ $section }«.
picture-measurements = Målinger, senest { $value }
    .said = Målingerne går fra { $first } den { $since } til { $value } den { $date }.
picture-measurement = Måling: { $value }
    .said = Der er én måling: { $value } den { $date }.
picture-no-measurements = Der er ingen målinger endnu.
    .said = Der er ingen målinger endnu.
picture-baseline = Udgangspunkt: { $value }
    .said = Udgangspunktet er { $value } den { $date }.
picture-target = Mål: { $value }
    .said = Målet er { $value } den { $date }.
picture-course = Forventet forløb
picture-assessment = Vurdering
    .said =
        { $count ->
            [one] Der er én vurdering.
           *[other] Der er { $count } vurderinger.
        }
picture-voice = Borgernes stemme
    .said =
        { $count ->
            [one] Borgerne er hørt én gang.
           *[other] Borgerne er hørt { $count } gange.
        }

## commitments in their whole life
problem-own-proposal = Det er jeres eget forslag
    .detail = Den, der har foreslået et tilsagn, ændrer det (PATCH) eller trækker det tilbage. Partneren kan stille et modforslag.
fault-counter-changes-nothing = Modforslaget er det samme som forslaget. Bekræft det i stedet.
history-commitment-countered = { $who } stillede et modforslag til et tilsagn i afsnittet »{ $section }«.
history-commitment-fulfilled = { $who } meldte, at et tilsagn i afsnittet »{ $section }« er holdt.
task-answer-counter = Svar på modforslaget til »{ $section }« i { $agreement }
    .why = En partner vil hellere aftale noget andet. Bekræft eller afslå det, ret tilsagnet, eller træk det tilbage.
task-confirm-fulfilment = Sig, om »{ $section }« i { $agreement } er holdt
    .why = En anden part melder, at tilsagnet er holdt. Det gælder, når alle siger det.
task-fulfil-commitment = Hold tilsagnet »{ $section }« i { $agreement }
    .why = Fristen er nået, og det er ikke meldt, at tilsagnet er holdt.
task-replace-partner = Find en ny partner til »{ $section }« i { $agreement }
    .why = En af tilsagnets enheder findes ikke længere.
fault-cell-not-utf-8 = Linje { $line } kan ikke læses ved »{ $read }«: Filen er ikke UTF-8. Gem den som »CSV UTF-8« i regnearket.
fault-cell-no-header = Linje { $line } skal nævne kolonnerne, men her står »{ $read }«. Begynd filen med navne som observed_on;indicator_id;value.
fault-cell-too-many-rows = Filen har { $read } rækker, og fra linje { $line } er det for mange. Del den i filer med højst { $wanted } rækker.
fault-cell-unknown-column = Linje { $line }: Kolonnen »{ $read }« kendes ikke. Brug disse navne eller de danske: { $wanted }.
fault-cell-duplicate-column = Linje { $line }: Kolonnen »{ $read }« står der to gange, måske på hvert sit sprog. Slet den ene.
fault-cell-missing-column = { $column ->
    [indicator_id] Linje { $line }: Der mangler en kolonne, som siger, hvad observationerne handler om. Tilføj kolonnen indicator_id eller goal_id.
   *[other] Linje { $line }: Kolonnen »{ $column }« mangler. Tilføj den.
    }
fault-cell-nameless-column = Linje { $line }: »{ $read }« står i en kolonne uden navn. Giv kolonnen et navn, eller tøm cellen.
fault-cell-row-of-another-length = Linje { $line } har { $read } celler, men skal have { $wanted }. Se efter, om et skilletegn eller et anførselstegn mangler eller er tilovers.
fault-cell-broken-quote = Linje { $line }: Anførselstegnene passer ikke sammen i »{ $read }«. Skriv to anførselstegn for hvert, der hører til teksten.
fault-cell-control-character = Linje { $line }, kolonne »{ $column }«: Cellen indeholder styretegnet { $read }. Slet det.
fault-cell-required = Linje { $line }, kolonne »{ $column }«: Cellen er tom. Skriv en dato, for eksempel 2015-03-31.
fault-cell-not-a-date = Linje { $line }, kolonne »{ $column }«: »{ $read }« er ikke en dato. Skriv for eksempel 2015-03-31 eller 31-03-2015.
fault-cell-not-an-id = Linje { $line }, kolonne »{ $column }«: »{ $read }« er ikke et id. Skriv et UUID med bindestreger, for eksempel 01931f2e-7c00-7000-8000-000000000001.
fault-cell-unknown-value = Linje { $line }, kolonne »{ $column }«: »{ $read }« kan ikke vælges her. Skriv et af disse ord eller det danske: { $wanted }.
fault-cell-not-a-number = Linje { $line }, kolonne »{ $column }«: »{ $read }« er ikke et tal. Skriv for eksempel 61,5, uden enhed.
fault-cell-ambiguous-number = Linje { $line }, kolonne »{ $column }«: »{ $read }« kan læses som to forskellige tal. Skriv det, der menes: { $wanted }.
fault-cell-too-many-digits = Linje { $line }, kolonne »{ $column }«: »{ $read }« har for mange cifre eller er for stort. Skriv højst 15 cifre, heraf højst 6 decimaler, og højst 9.000.000.000.000.
fault-cell-not-a-count = Linje { $line }, kolonne »{ $column }«: »{ $read }« er ikke et antal. Skriv et helt tal fra 1 til 1.000.000.000.
fault-cell-too-long = Linje { $line }, kolonne »{ $column }«: Teksten »{ $read }« er for lang. Den må højst have { $wanted } tegn.
fault-cell-formula = Linje { $line }, kolonne »{ $column }«: »{ $read }« ville blive læst som en formel i et regneark. Skriv selve værdien, eller sæt en apostrof foran, hvis det er en tekst.

## imports
on-line = Linje { $line }
fault-no-rows = Filen har ingen rækker. Send mindst én.
fault-too-many-rows = Der er for mange rækker; højst { $max } ad gangen.
fault-more-faults = Der er { $count } fejl mere. Ret de nævnte, og send igen.
fault-measured-twice = Indikatoren er målt to gange på samme dag i filen. Behold den ene.
history-agreement-observations-imported = { $who } indlæste observationer.

## goals from above
fault-inherits-itself = Målet kan ikke videreføre sig selv, heller ikke gennem andre mål.
fault-inherits-withdrawn = Målet står i en aftale, der er trukket tilbage. Vælg et andet.
fault-theme-has-goals = Der står koncernmål under temaet. Slet dem først.
fault-goal-taken-over = En enhed har overtaget målet. Det bliver stående.
graph-units =
    { $count ->
        [0] Der er ingen enheder.
        [one] Der er én enhed.
       *[other] Der er { $count } enheder.
    }
graph-more =
    { $count ->
        [one] Én enhed mere er ikke tegnet.
       *[other] { $count } enheder mere er ikke tegnet.
    }
graph-nothing = Enhederne har ikke lovet hinanden noget endnu.
graph-table = Rækker og kolonner: samme nummer er samme enhed.
graph-confirmed = Bekræftet
    .said =
        { $count ->
            [0] Ingen tilsagn er bekræftet.
            [one] Ét tilsagn er bekræftet.
           *[other] { $count } tilsagn er bekræftet.
        }
graph-proposed = Foreslået
    .said =
        { $count ->
            [0] Ingen tilsagn venter på svar.
            [one] Ét tilsagn er foreslået og venter på svar.
           *[other] { $count } tilsagn er foreslået og venter på svar.
        }
graph-lapsed = Bortfaldet
    .said =
        { $count ->
            [0] Ingen tilsagn er bortfaldet.
            [one] Ét tilsagn er bortfaldet, fordi det ikke blev holdt til tiden.
           *[other] { $count } tilsagn er bortfaldet, fordi de ikke blev holdt til tiden.
        }
graph-silent = Tilsagn mangler
    .said =
        { $count ->
            [one] To enheder burde have et tilsagn sammen, men har ingen.
           *[other] { $count } par enheder burde have et tilsagn sammen, men har ingen.
        }
graph-thickness = Tykkere: flere tilsagn
graph-number = Antal tilsagn
graph-partly = Delvist bortfaldet

## collaboration
collaboration-title = Samarbejde i aftaleåret { $year }
collaboration-finding = { $units ->
        [one] Én enhed
       *[other] { $units } enheder
    }: { $agreed } par har aftalt noget, { $asked } par venter på svar, og { $silent ->
        [0] ingen, der havde et tilsagn sidste år, mangler et i år.
        [one] ét par, der havde et tilsagn sidste år, har ingen i år.
       *[other] { $silent } par, der havde et tilsagn sidste år, har ingen i år.
    }
fault-counter-pending = En anden partners modforslag venter på svar. Vent, til det er besvaret.
fault-ratio-too-large = Tæller og nævner giver et tal, der er for stort. Kontrollér dem.
fault-taken-over-already = Aftalen har overtaget målet i forvejen.
fault-too-many-levels = Målet står så langt nede, at det ikke kan overtages igen; højst 12 niveauer.
